package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The tables of clients over sockets, one for each scenario and number of callers. */
final class LoopbackTables {

    private static final String COMMAND = Part.COMMAND + "loopback.Loopback";

    private LoopbackTables() {}

    static String section(Results results) {
        return """
                ## Loopback

                Clients over sockets, each in a process of its own with the same heap, to a lean server in another process. First the
                server and then each client is warmed until its CPU time per call no longer falls by 3 %% in three turns, for 40 s at
                most. Then they take turns, and seconds before each turn of a client the base has one: raw Reactor Netty with Jackson,
                tuned. "×" is the median of the client's figure divided by the base's in that pair. Of the rounds the half counts in
                which other processes used the least CPU time. A row with errors does not count.

                ```sh
                %s
                ```

                %s
                ## TLS, HTTP/2

                Handshakes are GETs on a connection of their own each; the others keep their connections.

                ```sh
                %s -Dloopback.form=tls
                ```

                %s
                ## Settings

                What the defaults follow from: pool sizes, event loops, native transport, compression.

                ```sh
                %s -Dloopback.form=choices
                ```

                %s
                """.formatted(
                        COMMAND,
                        tables(results.cells(), true)
                                + (results.cells().isEmpty() ? "" : "\n" + Limits.section(blocks(results.cells()))),
                        COMMAND,
                        tables(results.tls(), false),
                        COMMAND,
                        tables(results.choices(), false));
    }

    /** Returns the cells of each scenario with each number of callers. */
    static List<List<Cell>> blocks(List<Cell> cells) {
        return cells.stream().collect(Collectors.groupingBy(LoopbackTables::title)).values().stream()
                .sorted(Comparator.<List<Cell>, String>comparing(
                                block -> block.get(0).scenario())
                        .thenComparing(block -> block.get(0).concurrency()))
                .toList();
    }

    static String title(Cell cell) {
        return cell.scenario() + ", " + cell.concurrency() + (cell.concurrency() == 1 ? " caller" : " callers");
    }

    private static String tables(List<Cell> cells, boolean withCharts) {
        return cells.isEmpty()
                ? Goal.ABSENT + "\n"
                : blocks(cells).stream()
                        .map(block -> "### " + title(block.get(0)) + "\n\n" + table(Medians.ofEach(block))
                                + (withCharts ? chart(block) : ""))
                        .collect(Collectors.joining("\n"));
    }

    private static String chart(List<Cell> block) {
        return Medians.ofEach(block).stream().allMatch(row -> row.errors() > 0)
                ? ""
                : "\n![CPU and bytes per call](benchmarks/" + BoardCharts.loopbackFile(block) + ")\n";
    }

    /** Returns the table, with columns that compare with the base if the rows were measured beside it. */
    private static String table(List<Medians> rows) {
        boolean beside = rows.stream().anyMatch(row -> row.toBase(Figure.CPU).isPresent());
        String times = beside ? " × |" : "";
        return "| client | calls/s |" + times + " p50 µs | p99 µs |" + times + " p99.9 µs | CPU µs/call |" + times
                + " B/call |" + times + " server µs/call | rounds |\n" + "|---".repeat(beside ? 13 : 9) + "|\n"
                + rows.stream()
                        .sorted(Comparator.comparingDouble(Medians::cpuMicros))
                        .map(row -> row(row, beside))
                        .collect(Collectors.joining());
    }

    private static String row(Medians row, boolean beside) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f |%s %.0f | %.0f |%s %.0f | %.1f |%s %.0f |%s %s | %d of %d%s |%n",
                row.contender(),
                row.throughput(),
                times(row, Figure.CALLS, beside),
                row.value(Figure.P50),
                row.value(Figure.P99),
                times(row, Figure.P99, beside),
                row.value(Figure.P999),
                row.cpuMicros(),
                times(row, Figure.CPU, beside),
                row.bytes(),
                times(row, Figure.BYTES, beside),
                number(row.value(Figure.SERVER_CPU)),
                row.counted(),
                row.rounds(),
                row.errors() > 0 ? ", **" + row.errors() + " errors**" : "");
    }

    private static String times(Medians row, Figure figure, boolean beside) {
        OptionalDouble ratio = row.errors() > 0 ? OptionalDouble.empty() : row.toBase(figure);
        return !beside ? "" : ratio.isEmpty() ? " – |" : " " + PipelineTable.times(ratio.getAsDouble()) + " |";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
    }
}
