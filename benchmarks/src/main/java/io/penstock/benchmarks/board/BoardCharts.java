package io.penstock.benchmarks.board;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.coldstart.FirstAnswers.Program;
import io.penstock.benchmarks.loopback.Cell;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The charts of a board. Charts of an older board are deleted first. */
final class BoardCharts {

    static final String PIPELINE = "board-pipeline.svg";
    static final String DECODE = "board-decode.svg";
    static final String COLD_START = "board-cold-start.svg";

    private BoardCharts() {}

    static void write(Results results, Path directory) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "board-*.svg")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        if (!results.pipeline().isEmpty()) {
            pipeline(results.pipeline(), directory.resolve(PIPELINE));
        }
        if (!results.decode().isEmpty()) {
            decode(results, directory.resolve(DECODE));
        }
        for (List<Cell> block : LoopbackTables.blocks(results.cells())) {
            loopback(block, directory.resolve(loopbackFile(block)));
        }
        coldStart(results.coldStart(), directory.resolve(COLD_START));
    }

    private static void pipeline(List<JmhRow> all, Path file) throws IOException {
        BarChart chart = new BarChart("A call without a socket");
        List<JmhRow> rows =
                all.stream().filter(row -> !row.method().startsWith("operator")).toList();
        chart.figure("bytes per call", "0");
        rows.forEach(row -> chart.bar(PipelineTable.label(row), row.bytes()));
        chart.figure("nanoseconds per call", "0");
        rows.forEach(row -> chart.bar(PipelineTable.label(row), row.nanos()));
        chart.write(file);
    }

    private static void decode(Results results, Path file) throws IOException {
        BarChart chart = new BarChart("Decoding").figure("bytes allocated, as a multiple of objectReader's", "0.00");
        for (JmhRow row : results.decode()) {
            results.decode().stream()
                    .filter(plain -> plain.method().equals("objectReader")
                            && plain.params().equals(row.params()))
                    .forEach(plain -> chart.bar(
                            row.method()
                                    .replaceFirst("^penstock$", "Penstock")
                                    .replaceFirst("^penstockF", "Penstock, f"),
                            DecodeTable.body(row),
                            row.bytes() / plain.bytes()));
        }
        chart.write(file);
    }

    /** Returns the file name of the chart of one scenario with one number of callers. */
    static String loopbackFile(List<Cell> block) {
        return "board-" + block.get(0).scenario() + "-" + block.get(0).concurrency() + ".svg";
    }

    private static void loopback(List<Cell> block, Path file) throws IOException {
        List<Medians> rows = Medians.ofEach(block).stream()
                .filter(row -> row.errors() == 0)
                .sorted(Comparator.comparingDouble(Medians::cpuMicros))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        BarChart chart = new BarChart(LoopbackTables.title(block.get(0)));
        chart.figure("client CPU per call, µs", "0.0");
        rows.forEach(row -> chart.bar(row.contender(), row.cpuMicros()));
        chart.figure("bytes per call", "0");
        rows.forEach(row -> chart.bar(row.contender(), row.bytes()));
        chart.figure("calls per second", "0");
        rows.forEach(row -> chart.bar(row.contender(), row.throughput()));
        chart.write(file);
    }

    private static void coldStart(@Nullable FirstAnswers measured, Path file) throws IOException {
        if (measured == null) {
            return;
        }
        BarChart chart = new BarChart("JVM start to first answer").figure("first answer, ms", "0");
        for (Program program : measured.programs()) {
            chart.bar(program.name(), ColdStartTable.median(measured, program.name(), true));
        }
        chart.figure("CPU until then, ms", "0");
        for (Program program : measured.programs()) {
            chart.bar(program.name(), ColdStartTable.median(measured, program.name(), false));
        }
        chart.write(file);
    }
}
