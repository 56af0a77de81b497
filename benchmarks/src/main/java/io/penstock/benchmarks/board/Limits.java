package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What limits the calls per second of a closed loop, from the CPU time of both sides. */
final class Limits {

    /** The idle share of the machine, in cores, below which it has no more CPU time to give. */
    private static final double NONE_LEFT = 0.15;

    /** The share of a core above which a thread can hardly do more. */
    private static final double SATURATED = 0.85;

    private static final String SERVER = "server";
    private static final String CPU = "CPU";
    private static final String ONE_THREAD = "one thread";
    private static final String WAITING = "waiting";

    private Limits() {}

    static String section(List<List<Cell>> blocks) {
        String rows = blocks.stream()
                .flatMap(block -> Medians.ofEach(block).stream()
                        .filter(row -> row.errors() == 0 && !Double.isNaN(row.value(Figure.IDLE_CORES)))
                        .map(row -> row(LoopbackTables.title(block.get(0)), row)))
                .collect(Collectors.joining());
        return """
                ### What limits calls/s

                The callers are a closed loop on one machine: each waits for its answer, and client and server share the cores. So calls/s
                end where the machine's cores are used up ("CPU": fewer µs on either side mean more calls), where the server's only event
                loop is ("server": the client cannot be told apart from others by calls/s), where one thread of the client is ("one
                thread"), or where time passes without work ("waiting"). "Others" is what processes outside the comparison used.

                """ + (rows.isEmpty() ? Goal.ABSENT + "\n" : """
                        | cell | client | calls/s | client, cores | its busiest thread | server, cores | others | idle | limit |
                        |---|---|---|---|---|---|---|---|---|
                        """ + rows) + pages(blocks);
    }

    /** Returns the explanation of the calls per second of pages, for Penstock beside the base. */
    private static String pages(List<List<Cell>> blocks) {
        return """

                ### Pages

                A board before this method had 0.55 × the base's calls/s on 8 kB pages, at 1.22 × its CPU per call. Neither the closed loop nor
                the server explains that, and an unfinished warm-up does: pages are code of their own, which a client runs for ten to twelve
                seconds until it is compiled, and the base is done sooner. Turns of one second from a cold start, with the base before each
                (2026-12-01, two cores shared with builds, no core idle, the server's loop below 0.3 cores); medians:

                | seconds of pages | over `HttpClient`: calls/s, CPU per call | HTTP/1.1 of our own: calls/s, CPU per call |
                |---|---|---|
                | 7 to 10 | 0.78 × (0.49 to 1.42), 1.44 × | 2.05 ×, 0.55 × |
                | 13 to 30 | 1.12 ×, 0.83 × | 1.60 ×, 0.61 × |

                One pair alone says little about calls/s there: other processes take CPU time from one of its turns, and the ratio is anything
                from 0.46 to 2.3.

                """
                + blocks.stream()
                        .filter(block -> block.get(0).scenario().equals("get-collection")
                                && block.get(0).concurrency() == Goals.CALLERS)
                        .flatMap(block -> Medians.ofEach(block).stream())
                        .filter(row -> row.contender().equals(Goals.PENSTOCK)
                                && row.errors() == 0
                                && row.toBase(Figure.CLIENT_CORES).isPresent()
                                && !Double.isNaN(row.value(Figure.IDLE_CORES)))
                        .findFirst()
                        .map(Limits::pages)
                        .orElse("In this run: " + Goal.ABSENT + ".\n");
    }

    private static String pages(Medians row) {
        return String.format(
                        Locale.ROOT,
                        "In this run: %.2f × the calls/s at %.2f × the CPU per call, %.2f × the work. ",
                        row.toBase(Figure.CALLS).orElseThrow(),
                        row.toBase(Figure.CPU).orElseThrow(),
                        row.toBase(Figure.CLIENT_CORES).orElseThrow())
                + switch (of(row)) {
                    case SERVER ->
                        number("The server's only loop used %.2f of a core", row, Figure.SERVER_CORES)
                                + ": a faster client gets no more answers.\n";
                    case CPU ->
                        number("Only %.2f cores were idle", row, Figure.IDLE_CORES)
                                + number("; the server used %.2f cores", row, Figure.SERVER_CORES)
                                + number(
                                        ", other processes %.2f: calls/s end with the CPU time.%n",
                                        row, Figure.FOREIGN_CORES);
                    case ONE_THREAD ->
                        number("One thread used %.2f of a core", row, Figure.BUSIEST_THREAD)
                                + number(
                                        " while %.2f cores were idle: one event loop has most of the callers.%n",
                                        row, Figure.IDLE_CORES);
                    default ->
                        number("%.2f cores were idle and no thread was full", row, Figure.IDLE_CORES)
                                + ": client and server wait for each other.\n";
                };
    }

    private static String number(String format, Medians row, Figure figure) {
        return String.format(Locale.ROOT, format, Math.max(0, row.value(figure)));
    }

    private static String row(String cell, Medians row) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %s |%n",
                cell,
                row.contender(),
                row.throughput(),
                row.value(Figure.CLIENT_CORES),
                row.value(Figure.BUSIEST_THREAD),
                row.value(Figure.SERVER_CORES),
                Math.max(0, row.value(Figure.FOREIGN_CORES)),
                row.value(Figure.IDLE_CORES),
                of(row));
    }

    /** Returns the limit of a row. */
    static String of(Medians row) {
        if (row.value(Figure.SERVER_CORES) >= SATURATED) {
            return SERVER;
        }
        if (row.value(Figure.IDLE_CORES) <= NONE_LEFT) {
            return CPU;
        }
        return row.value(Figure.BUSIEST_THREAD) >= SATURATED ? ONE_THREAD : WAITING;
    }
}
