package io.penstock.benchmarks.board;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.coldstart.FirstAnswers.Program;
import io.penstock.benchmarks.loopback.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The charts of a board. A chart without figures in this run is deleted, so that none remains from an older board. */
final class BoardCharts {

    private BoardCharts() {}

    static void write(Results results, Path directory) throws IOException {
        pipeline(results, directory.resolve("board-pipeline-bytes.svg"));
        decode(results, directory.resolve("board-decode-bytes.svg"));
        loopback(
                results,
                "Client CPU per call, small GET",
                "µs",
                Medians::cpuMicros,
                directory.resolve("board-loopback-cpu.svg"));
        loopback(
                results,
                "Bytes per call, small GET",
                "B",
                Medians::bytes,
                directory.resolve("board-loopback-bytes.svg"));
        coldStart(results, directory.resolve("board-cold-start.svg"));
    }

    private static void pipeline(Results results, Path file) throws IOException {
        BarChart chart = new BarChart("A call without a socket", "B and ns per call")
                .numbers("0")
                .lying();
        for (JmhRow row : results.pipeline()) {
            if (!row.method().startsWith("operator")) {
                chart.bar("bytes", row.method(), row.bytes()).bar("nanoseconds", row.method(), row.nanos());
            }
        }
        write(chart, results.pipeline().isEmpty(), file);
    }

    private static void decode(Results results, Path file) throws IOException {
        BarChart chart = new BarChart("Decoding: bytes allocated, as multiples of the plain reader's", "×");
        for (JmhRow row : results.decode()) {
            results.decode().stream()
                    .filter(plain -> plain.method().equals("objectReader")
                            && plain.params().equals(row.params()))
                    .findFirst()
                    .ifPresent(plain -> chart.bar(row.method(), DecodeTable.body(row), row.bytes() / plain.bytes()));
        }
        write(chart, results.decode().isEmpty(), file);
    }

    private static void loopback(
            Results results, String title, String unit, ToDoubleFunction<Medians> figure, Path file)
            throws IOException {
        BarChart chart = new BarChart(title, unit).numbers("0.#").lying();
        List<Integer> callers = results.cells().stream()
                .filter(cell -> cell.scenario().equals(Goals.SCENARIO))
                .map(Cell::concurrency)
                .distinct()
                .sorted()
                .toList();
        List<Medians> order = results.cells().stream()
                .map(Cell::contender)
                .distinct()
                .flatMap(name -> results.medians(Goals.SCENARIO, Goals.CALLERS, name).stream())
                .sorted(Comparator.comparingDouble(figure))
                .toList();
        for (Medians one : order) {
            for (int many : callers) {
                results.medians(Goals.SCENARIO, many, one.contender())
                        .ifPresent(row -> chart.bar(
                                many + (many == 1 ? " caller" : " callers"),
                                row.contender(),
                                figure.applyAsDouble(row)));
            }
        }
        write(chart, order.isEmpty(), file);
    }

    private static void coldStart(Results results, Path file) throws IOException {
        BarChart chart = new BarChart("JVM start to first answer", "ms").numbers("0");
        FirstAnswers measured = results.coldStart();
        if (measured != null) {
            for (Program program : measured.programs()) {
                chart.bar("first answer", program.name(), ColdStartTable.median(measured, program.name(), true));
                chart.bar("CPU until then", program.name(), ColdStartTable.median(measured, program.name(), false));
            }
        }
        write(chart, measured == null, file);
    }

    private static void write(BarChart chart, boolean empty, Path file) throws IOException {
        if (empty) {
            Files.deleteIfExists(file);
        } else {
            chart.write(file);
        }
    }
}
