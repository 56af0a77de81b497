package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of clients over sockets, one for each scenario and number of callers. */
final class LoopbackTables {

    private static final String HEAD = """
            | client | calls/s | p50 µs | p99 µs | p99.9 µs | CPU µs/call | × CPU | B/call | × B | × calls/s | rounds |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private LoopbackTables() {}

    static String section(Results results) {
        return """
                ## Loopback

                Clients over sockets, each in a process of its own with the same heap, to a lean server in another process; they take turns
                in every round, and what stands here is the median of the rounds. "×" is Penstock's figure divided by the row's. A row
                with errors does not count.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.loopback.Loopback
                ```

                """
                + (results.cells().isEmpty()
                        ? Goal.ABSENT + "\n"
                        : tables(results.cells())
                                + "\n![Client CPU per call](benchmarks/board-loopback-cpu.svg)\n"
                                + "\n![Bytes per call](benchmarks/board-loopback-bytes.svg)\n")
                + """

                ## TLS, HTTP/2

                Handshakes are GETs on a connection of their own each; the others keep their connections.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.loopback.Loopback -Dloopback.form=tls
                ```

                """
                + others(results.tls())
                + """

                ## Settings

                What the defaults follow from: pool sizes, event loops, native transport, compression.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.loopback.Loopback -Dloopback.form=choices
                ```

                """
                + others(results.choices())
                + "\n";
    }

    private static String others(List<Cell> cells) {
        return cells.isEmpty() ? Goal.ABSENT + "\n" : tables(cells);
    }

    private static String tables(List<Cell> cells) {
        Map<String, List<Cell>> blocks = new TreeMap<>(cells.stream()
                .collect(Collectors.groupingBy(cell -> String.format(
                        Locale.ROOT,
                        "%s, %4d caller%s",
                        cell.scenario(),
                        cell.concurrency(),
                        cell.concurrency() == 1 ? "" : "s"))));
        return blocks.entrySet().stream()
                .map(block -> "### " + block.getKey().replaceAll(" +", " ") + "\n\n" + table(block.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String table(List<Cell> cells) {
        List<Medians> rows = cells.stream()
                .map(Cell::contender)
                .distinct()
                .flatMap(name -> medians(cells, name))
                .toList();
        Optional<Medians> penstock = rows.stream()
                .filter(row -> row.contender().equals(Goals.PENSTOCK) && row.errors() == 0)
                .findFirst();
        StringBuilder table = new StringBuilder(HEAD);
        rows.stream()
                .sorted((one, other) -> Double.compare(one.cpuMicros(), other.cpuMicros()))
                .forEach(row -> table.append(row(row, penstock)));
        return table.toString();
    }

    private static Stream<Medians> medians(List<Cell> cells, String contender) {
        return Medians.of(cells.stream()
                        .filter(cell -> cell.contender().equals(contender))
                        .toList())
                .stream();
    }

    private static String row(Medians row, Optional<Medians> penstock) {
        boolean counts = row.errors() == 0;
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.0f | %.1f | %s | %.0f | %s | %s | %s |%n",
                row.contender(),
                row.throughput(),
                row.p50Micros(),
                row.p99Micros(),
                row.p999Micros(),
                row.cpuMicros(),
                times(counts, penstock.map(own -> own.cpuMicros() / row.cpuMicros())),
                row.bytes(),
                times(counts, penstock.map(own -> own.bytes() / row.bytes())),
                times(counts, penstock.map(own -> own.throughput() / row.throughput())),
                counts ? Integer.toString(row.rounds()) : row.rounds() + ", **" + row.errors() + " errors**");
    }

    private static String times(boolean counts, Optional<Double> ratio) {
        return counts ? ratio.map(PipelineTable::times).orElse("–") : "–";
    }
}
