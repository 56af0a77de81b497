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
                        """ + rows);
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
            return "server";
        }
        if (row.value(Figure.IDLE_CORES) <= NONE_LEFT) {
            return "CPU";
        }
        return row.value(Figure.BUSIEST_THREAD) >= SATURATED ? "one thread" : "waiting";
    }
}
