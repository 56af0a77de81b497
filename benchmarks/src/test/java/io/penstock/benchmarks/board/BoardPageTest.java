package io.penstock.benchmarks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.loopback.Cell;
import io.penstock.benchmarks.scale.Measurements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardPageTest {

    @TempDir
    private Path directory;

    private static Results nothing() {
        PartRun failed = new PartRun("loopback", "the command", 3, "exit 1; see loopback.log", null);
        return new Results(
                "short",
                "2026-01-02",
                "a machine",
                0.1,
                0.2,
                List.of(failed),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    private static Results something() {
        List<Cell> cells = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            cells.addAll(Cells.pair("Penstock", round, 44, 20 + round, 0.1));
            cells.addAll(Cells.pair("azure-core", round, 44, 44, 0.1));
        }
        return new Results(
                "long",
                "2026-01-02",
                "a machine",
                0.1,
                0.2,
                List.of(new PartRun("loopback", "the command", 3, null, null)),
                List.of(
                        new JmhRow("PipelineOverhead.stub", Map.of(), 100, 1, 300),
                        new JmhRow("PipelineOverhead.operatorGate", Map.of(), 150, 1, 372),
                        new JmhRow("PipelineOverhead.operatorRetry", Map.of(), 130, 1, 532),
                        new JmhRow("PipelineOverhead.whole", Map.of(), 390, 1, 812)),
                List.of(
                        new JmhRow("Decode.penstock", Map.of("size", "KB8", "shape", "BARE"), 40_000, 1, 35_000),
                        new JmhRow("Decode.treeToValue", Map.of("size", "KB8", "shape", "BARE"), 80_000, 1, 70_000)),
                List.of(new JmhRow("Decode.penstock", Map.of("size", "KB8", "shape", "BARE"), 30_000, 1, 24_500)),
                cells,
                List.of(),
                List.of(),
                new FirstAnswers(
                        List.of(new FirstAnswers.Program("Penstock", 33, 11_000_000)),
                        List.of(new FirstAnswers.Start("Penstock", 1, 812, 701))),
                new Measurements(
                        new Measurements.Memory(100_000, 1_000, 0),
                        new Measurements.Memory(100_000, 800, 0),
                        new Measurements.Memory(2_000, 12_000, 4_096),
                        List.of(new Measurements.Wait("Pentify, key", 60, 60, 0.5, 6_000, 0.25, 0, 4))));
    }

    private static Results withCells(Results all, List<Cell> cells) {
        return with(all, cells, all.coldStart());
    }

    private static Results withColdStart(Results all, FirstAnswers coldStart) {
        return with(all, all.cells(), coldStart);
    }

    private static Results with(Results all, List<Cell> cells, FirstAnswers coldStart) {
        return new Results(
                all.form(),
                all.date(),
                all.surroundings(),
                all.loadBefore(),
                all.loadAfter(),
                all.parts(),
                all.pipeline(),
                all.decode(),
                all.blackbird(),
                cells,
                all.tls(),
                all.choices(),
                coldStart,
                all.scale());
    }

    @Test
    void leavesFiguresOutWithoutResults() {
        String page = BoardPage.of(nothing());

        assertThat(page).contains("**failed**: exit 1; see loopback.log");
        assertThat(page.lines().filter(line -> line.contains("| " + Goal.ABSENT + " |")))
                .hasSize(new Goals(nothing()).general().size());
        assertThat(page).doesNotContain(".svg)\n\n## PipelineOverhead").doesNotContain("NaN");
        assertThat(ScalePage.of(nothing())).contains(Goal.ABSENT).doesNotContain("NaN");
        int goals = new Goals(nothing()).all().size();
        assertThat(ReadmeFigures.of(nothing()))
                .contains(Goal.ABSENT)
                .contains("Of " + goals + " goals 0 are met, " + goals + " are not measured;");
    }

    @Test
    void comparesWithTheBase() {
        assertThat(BoardPage.of(something()))
                .contains(
                        "| Sockets, small GET, 64 callers: client CPU per call to azure-core | ≤ 0.85 × | 0.49 × | met |  |")
                .contains("| small GET, 64 callers | 0.49 × (≤ 0.67 ×) | 0.40 × (≤ 0.40 ×) | 1.50 × (≥ 1.40 ×) |")
                .contains("| small GET, 512 callers | – | – | – |")
                .contains(
                        "| client | calls/s | × | p50 µs | p99 µs | × | p99.9 µs | CPU µs/call | × | B/call | × | server"
                                + " µs/call | rounds |")
                .contains(
                        "| azure-core | 30000 | 1.50 | 900 | 2000 | 1.00 | 4000 | 44.0 | 1.00 | 4000 | 0.40 | 10.0 | 2 of 3 |")
                .contains(
                        "| Reactor Netty, tuned | 20000 | 1.00 | 900 | 2000 | 1.00 | 4000 | 44.0 | 1.00 | 10000 | 1.00 |"
                                + " 10.0 | 3 of 6 |");
    }

    @Test
    void namesCostliestRowsOfMissedGoal() {
        assertThat(BoardPage.of(something()))
                .contains("bytes per call of `whole` | ≤ 650 B | 812 B | **missed** | `stub`, which every row contains:"
                        + " 300 B; above it `operatorRetry` 232 B, `operatorGate` 72 B |");
    }

    @Test
    void marksMissedGoalOfCell() {
        List<Cell> cells = new ArrayList<>();
        for (String peer : List.of("Penstock", "Vert.x")) {
            cells.addAll(Cells.pair(peer, 1, 50, peer.equals("Vert.x") ? 30 : 40, 0));
        }

        assertThat(BoardPage.of(withCells(something(), cells)))
                .contains("| small GET, 64 callers | **0.80 × (≤ 0.67 ×), missed** |")
                .contains(
                        "| small GET, 64 callers | Vert.x | **1.33 × (≤ 1.00 ×), missed** | **1.00 × (≤ 0.80 ×), missed** |"
                                + " 1.00 × (≤ 1.00 ×) |")
                .contains("| small GET, 64 callers | WebClient + Resilience4j | – |  |  |")
                .contains("Where the cost of a call over sockets sits: the pipeline without a socket");
    }

    @Test
    void comparesColdStartWithReactorNetty() {
        Results all = something();
        FirstAnswers starts = new FirstAnswers(
                List.of(
                        new FirstAnswers.Program("Penstock", 33, 11_000_000),
                        new FirstAnswers.Program("Reactor Netty + Jackson", 28, 10_000_000)),
                List.of(
                        new FirstAnswers.Start("Penstock", 1, 900, 701),
                        new FirstAnswers.Start("Reactor Netty + Jackson", 1, 750, 600)));

        assertThat(BoardPage.of(withColdStart(all, starts)))
                .contains("| Penstock | 900 | 1.20 | 701 | 33 | 11.0 | 1 |")
                .contains("to first answer, to Reactor Netty with Jackson | ≤ 1.10 × | 1.20 × | **missed** |")
                .contains("| Runtime class path: jars | ≤ 35 | 33 | met |  |")
                .contains("| Runtime class path: size | ≤ 14.5 MB | 11.0 MB | met |  |");
    }

    @Test
    void marksGoalWithoutPeerAsNotMeasured() {
        assertThat(BoardPage.of(something()))
                .contains(
                        "| Sockets, small GET, 64 callers: client CPU per call to Armeria | ≤ 0.85 × | – | not measured in this run |  |");
    }

    @Test
    void ignoresContenderWithErrors() throws IOException {
        Results good = something();
        List<Cell> cells = new ArrayList<>(good.cells());
        cells.add(Cells.cell("azure-core", "azure-core", 4, 44, 20_000, 100, 0, 5));
        Results bad = withCells(good, cells);

        assertThat(BoardPage.of(bad))
                .contains(
                        "| Sockets, small GET, 64 callers: client CPU per call to azure-core | ≤ 0.85 × | – | not measured in this run |  |")
                .contains("| 2 of 4, **5 errors** |");
        assertThat(ReadmeFigures.of(good)).contains("| azure-core | 0.49 × | 1.00 × | 1.00 × |");
        assertThat(ReadmeFigures.of(bad))
                .contains("| azure-core | " + Goal.ABSENT + " | " + Goal.ABSENT + " | " + Goal.ABSENT + " |")
                .contains("| Reactor Netty, tuned | 0.49 × | 0.40 × | 1.50 × |");
        BoardCharts.write(bad, directory);
        assertThat(directory.resolve("board-get-small-64.svg"))
                .content()
                .contains("Reactor Netty, tuned")
                .doesNotContain("azure-core");
    }

    @Test
    void derivesNoSizesFromCallsWithErrors() {
        Results bad = withCells(something(), List.of(Cells.cell("Penstock", "Penstock", 1, 44, 9, 9, 0, 5)));

        assertThat(ScalePage.of(something())).contains("## What a rate takes", "## When to shard");
        assertThat(ScalePage.of(bad))
                .contains("| client CPU per call, kernel included | " + Goal.ABSENT + " |")
                .doesNotContain("## What a rate takes", "## When to shard");
    }

    @Test
    void drawsNoChartOfErrorsAlone() throws IOException {
        Results bad = withCells(something(), List.of(Cells.cell("Penstock", "Penstock", 1, 44, 9, 9, 0, 5)));

        BoardCharts.write(bad, directory);

        assertThat(directory.resolve("board-get-small-64.svg")).doesNotExist();
        assertThat(BoardPage.of(bad)).contains("**5 errors**").doesNotContain("board-get-small-64.svg");
    }

    @Test
    void comparesWithTheBaseOnlyWhereItTakesPart() {
        String alone =
                BoardPage.of(withCells(something(), List.of(Cells.cell("Reactor Netty, HTTP/2, JDK", 1, 22, 9_500))));

        assertThat(alone).contains("""
                        | client | calls/s | p50 µs | p99 µs | p99.9 µs | CPU µs/call | B/call | server µs/call | rounds |
                        |---|---|---|---|---|---|---|---|---|
                        | Reactor Netty, HTTP/2, JDK | 20000 | 900 | 2000 | 4000 | 22.0 | 9500 | 10.0 | 1 of 1 |
                        """);
    }

    @Test
    void marksPartsKeptFromEarlierRun() {
        Results before = something();
        Results again = new Results(
                "short",
                "2026-01-03",
                "a machine",
                0,
                0,
                List.of(new PartRun(Part.DECODE, "decode again", 5, null, null)),
                List.of(),
                List.of(new JmhRow("Decode.penstock", Map.of("size", "SMALL", "shape", "BARE"), 900, 1, 1_500)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);

        Results both = again.keeping(before);

        assertThat(both.cells()).isEqualTo(before.cells());
        assertThat(both.pipeline()).isEqualTo(before.pipeline());
        assertThat(both.decode()).isEqualTo(again.decode());
        assertThat(BoardPage.of(both))
                .contains("| loopback | 3 s | done, kept from a run before this one, of 2026-01-02 | `the command` |")
                .contains("| decode | 5 s | done | `decode again` |");
    }

    @Test
    void derivesSizesFromMeasuredCosts() {
        assertThat(ScalePage.of(something()))
                .contains("| 100 000 waiting at the gate | 80 MB |")
                // 10 000/s × 100 ms = 1000; 10 000 × 21.5 µs ÷ 0.7 = 0.31 cores; 1000 × 16 096 B; 10 000 × 4 000 B
                .contains("| 10000 | 100 ms | 1000 | 1 | 16.1 MB | 40 MB/s |")
                .contains("| Pentify, key | 50 % | 0.50 | 6000 | 0.250 | 0.000 | 4.000 | 0.13 |");
    }

    @Test
    void readsResultsAsWritten() {
        something().write(directory);

        assertThat(Results.read(directory)).isEqualTo(something());
        assertThatThrownBy(() -> Results.read(directory.resolve("elsewhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("board.json");
    }

    @Test
    void collectsOnlyFilesOfSuccessfulParts() throws IOException {
        String row = "[{\"benchmark\":\"io.x.Decode.penstock\",\"params\":{\"size\":\"SMALL\"},\"primaryMetric\":"
                + "{\"score\":5.5,\"scoreError\":\"NaN\",\"scoreUnit\":\"ns/op\"},"
                + "\"secondaryMetrics\":{\"gc.alloc.rate.norm\":{\"score\":64.0}}}]";
        Files.writeString(Part.file(directory, Part.DECODE), row);
        Files.writeString(Part.file(directory, Part.DECODE_BLACKBIRD), row);
        Files.writeString(Part.file(directory, Part.PIPELINE), "[{]");

        Results results = Results.collect(
                Form.SHORT,
                "2026-01-02",
                "a machine",
                0,
                0,
                List.of(
                        new PartRun(Part.PIPELINE, "", 1, null, null),
                        new PartRun(Part.DECODE, "", 1, null, null),
                        new PartRun(Part.DECODE_BLACKBIRD, "", 1, "exit 1", null)),
                directory);

        assertThat(results.decode())
                .containsExactly(new JmhRow("Decode.penstock", Map.of("size", "SMALL"), 5.5, Double.NaN, 64));
        assertThat(results.blackbird()).as("left by an older run").isEmpty();
        assertThat(results.pipeline()).isEmpty();
        assertThat(results.complete()).isFalse();
        assertThat(results.parts().get(0).failure()).contains("StreamReadException");
    }

    @Test
    void writesOnlyPicturesThatResultsAllow() throws IOException {
        BoardCharts.write(something(), directory);
        assertThat(directory.resolve("board-get-small-64.svg")).content().contains("azure-core", "64 callers");

        BoardCharts.write(nothing(), directory);
        assertThat(directory).isEmptyDirectory();
    }
}
