package io.penstock.benchmarks.board;

import java.util.Locale;
import java.util.stream.Collectors;

/** The page of a board. Its text is here and in the classes of the tables; every figure comes from the results. */
final class BoardPage {

    static final String COMMAND = "mvn -q -pl benchmarks -am -DskipTests package exec:exec"
            + " -Dbench.main=io.penstock.benchmarks.board.Board -Dboard=";

    private BoardPage() {}

    static String of(Results results) {
        return head(results)
                + goals(results)
                + PipelineTable.section(results)
                + DecodeTable.section(results)
                + LoopbackTables.section(results)
                + ColdStartTable.section(results)
                + OTHERS
                + parts(results);
    }

    private static String head(Results results) {
        return """
                # Figures

                What Penstock costs, next to what people would use instead, measured in one run on one machine. This page and its pictures
                are written by the board itself, the short one or the long one, which measures more of the same and for longer:

                ```sh
                %s
                %s
                ```

                This is the **%s** board of %s: %s. It took %.0f minutes;
                load average when it began %.1f, when it ended %.1f. What each part took, and which was run again by itself, stands at the end.

                How to read it: on a machine that does other work too, times and throughput say little, and only rows that stand in one
                table may be compared. Two figures hold: **bytes per call**, which are the same from run to run, and **client CPU per
                call**, which waiting does not enter. Over sockets and in "Cold start", "×" is the row's figure divided by raw Reactor Netty's,
                which was measured seconds before; in the other tables it is Penstock's figure divided by the row's. A figure that this run
                did not produce is not on the page.

                """.formatted(
                        COMMAND + "short",
                        COMMAND + "long",
                        results.form(),
                        results.date(),
                        results.surroundings(),
                        results.parts().stream().mapToDouble(PartRun::seconds).sum() / 60,
                        results.loadBefore(),
                        results.loadAfter());
    }

    private static String goals(Results results) {
        return """
                ## Goals

                "%s" is raw Reactor Netty with Jackson at its best: a cached `get()` and URI, headers in the callback,
                colocated event loops. "Reactor Netty" is the same client as people commonly write it.

                """.formatted(Goals.TUNED) + new Goals(results).tables() + "\n";
    }

    private static String parts(Results results) {
        return """

                ## The run

                Each part is a process of its own, with the benchmarks' class path.

                | part | took | | command |
                |---|---|---|---|
                """
                + results.parts().stream()
                        .map(part -> String.format(
                                Locale.ROOT,
                                "| %s | %.0f s | %s | `%s` |%n",
                                part.name(),
                                part.seconds(),
                                went(part),
                                part.command().replace("|", "\\|")))
                        .collect(Collectors.joining());
    }

    private static String went(PartRun part) {
        String outcome = part.failure() == null ? "done" : "**failed**: " + part.failure();
        return part.earlier() == null ? outcome : outcome + ", kept from a run before this one, of " + part.earlier();
    }

    private static final String OTHERS = """

            ## RetryStorm

            What clients do to a server that is down for five seconds, and how soon they are well again once it is back with half of its
            capacity: Penstock beside plain Reactor Netty with `retry`, with `Retry.backoff`, and with the operators of Resilience4j. The
            run writes its page, with tables, goals and pictures: [benchmarks/retry-storm.md](benchmarks/retry-storm.md).

            ```sh
            mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.storm.RetryStorm
            ```

            It takes about ten minutes. With `-Dstorm.quick=true` it goes through one short storm in one minute, and leaves the page
            alone: what it writes is in `benchmarks/target/retry-storm`.

            ## QuotaEfficiency

            How much of a quota clients use, and how often they are refused, against servers that count in fixed windows, in a sliding
            window or in a token bucket: Penstock beside clients that only wait for `Retry-After`, that back off, or that keep to a fixed
            rate. Windows of 2 s and 10 s over sockets, of 60 s and 1 h in virtual time; with a server's clock that is off, somebody else
            who spends of the same quota, and lost headers. The run writes its page, with tables, goals and pictures:
            [benchmarks/quota-efficiency.md](benchmarks/quota-efficiency.md).

            ```sh
            mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.quota.QuotaEfficiency
            ```

            It takes about eight minutes. With `-Dquota.quick=true` it takes a short look in less than two, and leaves the page alone:
            what it writes is in `benchmarks/target/quota-efficiency`.
            """;
}
