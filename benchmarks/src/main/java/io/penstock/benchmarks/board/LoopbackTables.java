package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The tables of clients over sockets, one for each scenario and number of callers. */
final class LoopbackTables {

    private static final String COMMAND = Part.COMMAND + "loopback.Loopback";

    private LoopbackTables() {}

    static String section(Results results) {
        return """
                ## Loopback

                Clients over sockets, each in a process of its own with the same heap, to a lean server in another process; they take turns
                in every round, and what stands here is the median of the rounds. "×" is Penstock's figure divided by the row's. A row
                with errors does not count.

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
                        tables(results.cells(), true),
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

    /** Returns the table, with columns that compare with Penstock if it is in the table under just that name. */
    private static String table(List<Medians> rows) {
        Optional<Medians> penstock = rows.stream()
                .filter(row -> row.contender().equals(Goals.PENSTOCK) && row.errors() == 0)
                .findFirst();
        boolean beside = penstock.isPresent();
        return "| client | calls/s | p50 µs | p99 µs | p99.9 µs | CPU µs/call |" + (beside ? " × CPU |" : "")
                + " B/call |"
                + (beside ? " × B | × calls/s |" : "") + " rounds |\n" + "|---".repeat(beside ? 11 : 8) + "|\n"
                + rows.stream()
                        .sorted(Comparator.comparingDouble(Medians::cpuMicros))
                        .map(row -> row(row, penstock))
                        .collect(Collectors.joining());
    }

    private static String row(Medians row, Optional<Medians> penstock) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.0f | %.1f |%s %.0f |%s%s %d%s |%n",
                row.contender(),
                row.throughput(),
                row.p50Micros(),
                row.p99Micros(),
                row.p999Micros(),
                row.cpuMicros(),
                times(penstock, row, Medians::cpuMicros),
                row.bytes(),
                times(penstock, row, Medians::bytes),
                times(penstock, row, Medians::throughput),
                row.rounds(),
                row.errors() > 0 ? ", **" + row.errors() + " errors**" : "");
    }

    private static String times(Optional<Medians> penstock, Medians row, ToDoubleFunction<Medians> figure) {
        return penstock.map(own -> row.errors() > 0
                        ? " – |"
                        : " " + PipelineTable.times(figure.applyAsDouble(own) / figure.applyAsDouble(row)) + " |")
                .orElse("");
    }
}
