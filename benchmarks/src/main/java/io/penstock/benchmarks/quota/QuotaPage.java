package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** The page of a run: method, machine, command, tables and charts. It is generated completely. */
final class QuotaPage {

    private static final String COMMAND = "mvn -q -pl benchmarks -am -DskipTests package exec:exec"
            + " -Dbench.main=io.penstock.benchmarks.quota.QuotaEfficiency";

    private final Path directory;
    private final StringBuilder sections = new StringBuilder();

    QuotaPage(Path directory) {
        this.directory = directory;
    }

    /** Adds a section with its charts, and returns the text of its table. */
    String add(Section section, List<Observed> seen) throws IOException {
        String table = QuotaTable.of(seen) + QuotaTable.windows(seen);
        String shares = "quota-efficiency-" + section.slug() + ".svg";
        QuotaCharts.shares(section.title(), seen, directory.resolve(shares));
        sections.append("\n## ").append(section.title()).append("\n\n");
        sections.append(section.load()).append("\n\n").append(table);
        sections.append(picture("Used quota and refused requests", shares));
        addArrivals(section, seen);
        return table;
    }

    /**
     * Adds the arrivals of the first scenario of a section over sockets; one scenario per section is enough to show
     * them.
     */
    private void addArrivals(Section section, List<Observed> seen) throws IOException {
        if (section.virtual()) {
            return;
        }
        Scenario first = section.scenarios().get(0);
        String file = "quota-efficiency-" + section.slug() + "-arrivals.svg";
        List<Observed> its =
                seen.stream().filter(one -> one.scenario().equals(first)).toList();
        QuotaCharts.arrivals(first, its, directory.resolve(file));
        sections.append(picture("Requests per second", file));
    }

    private static String picture(String title, String file) {
        return "\n![" + title + "](" + file + ")\n";
    }

    /** Writes the page of the sections so far, and returns its file. */
    Path write() throws IOException {
        Path file = directory.resolve("quota-efficiency.md");
        Files.writeString(file, head() + sections, StandardCharsets.UTF_8);
        return file;
    }

    private static String head() {
        return """
                # QuotaEfficiency

                How much of a quota clients use, and how often they are refused. Written by the run itself:

                ```sh
                %s
                ```

                %s, %s. One run; other work on the machine shows in the rows.

                The server is a process of its own on the same machine, with one event loop. It counts in fixed windows, in a
                sliding window (the time of every request is remembered) or in a token bucket (full in the beginning); it
                reports `X-RateLimit-Limit`, `-Remaining` and `-Reset` in whole seconds, rounded up (of a bucket: until it is
                full), and refuses with 429 and a `Retry-After` of whole seconds. A request takes %.1f to %.1f ms to arrive,
                and its answer as long again. Callers call again as soon as they are answered (%d ms after a call that has
                failed); there is always more demand than quota. Over sockets all clients run at the same time, each with an
                account of its own, whose time begins with its first request; in virtual time each runs alone, on the same rules, without sockets.

                %s
                "Used" is what the server allowed, of the most that it could have: permits × windows, of a bucket one capacity
                more. "Answered 429" is the share of the client's requests. "Wait" is the whole time of calls that
                succeeded; calls still waiting at the end are in no figure. "Jain" is Jain's index of the successes per caller: 1
                is perfectly fair, and with one or two successes each nobody gets there. Disturbances: the server tells the reset as epoch seconds of
                a clock that is 30 s ahead or behind, with its `Date`; somebody else asks evenly for 30 %% of the quota, and what
                that one is allowed counts as used; 5 %% of the answers have no quota headers. A silent limit has neither quota
                headers nor `Retry-After`: the rate has to be learned, and the time until then is in the figures.

                "Left at the end", below the tables, is what the server would still have allowed at that moment; what is
                neither used nor left has been lost on the way.

                Goals for Penstock: fixed window and token bucket at least 99 %% used and at most 0.1 %% answered 429; disturbed
                at least 95 %% and at most 1 %%. For a sliding window and a silent limit there is none.
                """.formatted(
                        COMMAND,
                        LocalDate.now(ZoneOffset.UTC),
                        Surroundings.of(),
                        Scenario.LEAST_LATENCY_MILLIS / 2,
                        Scenario.MOST_LATENCY_MILLIS / 2,
                        Callers.AFTER_FAILURE.toMillis(),
                        Contender.list(Contenders.all()));
    }
}
