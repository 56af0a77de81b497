package io.penstock.benchmarks.storm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of a run: method, machine, command, tables and charts. It is generated completely. */
final class StormPage {

    private static final String COMMAND =
            "mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.storm.RetryStorm";

    private final Path directory;
    private final Map<Scenario, List<Observed>> seen = new LinkedHashMap<>();
    private final StringBuilder sections = new StringBuilder();

    StormPage(Path directory) {
        this.directory = directory;
    }

    /** Adds a scenario with its charts, and returns the text of its table. */
    String add(Scenario scenario, List<Observed> observed) throws IOException {
        seen.put(scenario, observed);
        String table = StormTable.of(scenario, observed);
        String timeline = "retry-storm-" + scenario.slug() + ".svg";
        StormCharts.timeline(scenario, observed, directory.resolve(timeline));
        sections.append("\n## ").append(scenario.title()).append("\n\n");
        sections.append(load(scenario)).append("\n").append(table).append("\n");
        observed.stream()
                .filter(one -> one.contender().name().equals(Contender.PENSTOCK))
                .forEach(one -> sections.append(StormTable.goals(one)));
        sections.append(picture("Successes and sends per second", timeline));
        return table;
    }

    private static String picture(String title, String file) {
        return "\n![" + title + "](" + file + ")\n";
    }

    private static String load(Scenario s) {
        return String.format(
                Locale.ROOT,
                "%d callers; %s; %d ms ± 50 %% of thinking (open loop: fixed) and %d ms of service: %.0f calls/s offered."
                        + " %.0f s normal with %d workers, %.0f s down, %.0f s watched with %d workers"
                        + " (%.0f requests/s).%n",
                s.callers(),
                s.pace().words,
                s.think().toMillis(),
                Scenario.SERVICE.toMillis(),
                s.offered(),
                Scenario.seconds(s.normal()),
                s.workersBefore(),
                Scenario.seconds(s.outage()),
                Scenario.seconds(s.observed()),
                s.workersAfter(),
                s.workersAfter() / Scenario.seconds(Scenario.SERVICE));
    }

    /** Writes the page of the scenarios so far, and returns its file. */
    Path write() throws IOException {
        String bars = "retry-storm.svg";
        StormCharts.outcome(seen, directory.resolve(bars));
        Path file = directory.resolve("retry-storm.md");
        String page = head() + picture("Sends per call, successes and failures", bars) + sections;
        Files.writeString(file, page, StandardCharsets.UTF_8);
        return file;
    }

    private static String head() {
        return """
                # RetryStorm

                What clients do to a server that is down, and how soon they are well again once it is back. Written by the run itself:

                ```sh
                %s
                ```

                %s, %s. One run; other work on the machine shows in the rows.

                The server is a process of its own on the same machine, with one event loop; it counts what arrives. It works on a
                request for %d ms, on as many as it has workers, queues as many again, and answers 503 at once beyond that. Before the
                outage it can do 2.4 times what is offered; when it is back, half of that. The callers share one process and make
                GETs. In a closed loop each waits for the end of its call, so a client that makes its callers wait gets fewer calls to
                make; in an open one the calls keep coming. All clients have a pool of 100 connections and room for 1000 waiting requests.

                %s
                "Sends per call, outage" is what arrived while the server was down, for each call begun in that time; "all" covers the
                whole measured time, as do the failed calls. "Load in outage" is what arrived per second while the server was down, against the
                successes per second before. A client is "recovered" at the first full second with at least %.0f %% of the
                successes per second it had before the outage. A row is "disturbed" where, in two tries, not even that rate reached
                nine tenths of what was offered: the machine had no time. "Outage calls" is how long calls begun in the outage kept their caller.
                """.formatted(
                        COMMAND,
                        LocalDate.now(ZoneOffset.UTC),
                        Surroundings.of(CircuitBreaker.class),
                        Scenario.SERVICE.toMillis(),
                        Contender.list(Contenders.all()),
                        100 * Observed.RECOVERED);
    }
}
