package io.penstock.benchmarks.board;

import io.penstock.benchmarks.Json;
import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.loopback.Cell;
import io.penstock.benchmarks.scale.Measurements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The results of a board, and the only source of its pages. A part without results has an empty list, or null.
 *
 * @param form {@code short} or {@code long}
 * @param date the day on which it ended, in UTC
 * @param surroundings a description of the machine, Java and libraries
 * @param loadBefore the load average of the machine at the start
 * @param loadAfter the load average at the end
 * @param parts the outcome of each part
 * @param pipeline rows of {@code PipelineOverhead}
 * @param decode rows of {@code Decode}
 * @param blackbird rows of {@code Decode} with Blackbird on the class path
 * @param cells cells of clients over sockets
 * @param tls cells of TLS and HTTP/2
 * @param choices cells of the transport settings
 * @param coldStart first responses
 * @param scale memory of waiting calls
 */
record Results(
        String form,
        String date,
        String surroundings,
        double loadBefore,
        double loadAfter,
        List<PartRun> parts,
        List<JmhRow> pipeline,
        List<JmhRow> decode,
        List<JmhRow> blackbird,
        List<Cell> cells,
        List<Cell> tls,
        List<Cell> choices,
        @Nullable FirstAnswers coldStart,
        @Nullable Measurements scale) {

    /** The file of the results, beside the charts, from which the pages can be written again and checked. */
    static final String FILE = "board.json";

    /** Collects the result files of the parts. A file that cannot be read marks its part as failed. */
    static Results collect(
            Form form, String date, String surroundings, double before, double after, List<PartRun> runs, Path files) {
        List<PartRun> parts = new ArrayList<>(runs);
        return new Results(
                form.word(),
                date,
                surroundings,
                before,
                after,
                parts,
                of(parts, Part.PIPELINE, files, JmhRow::read).orElse(List.of()),
                of(parts, Part.DECODE, files, JmhRow::read).orElse(List.of()),
                of(parts, Part.DECODE_BLACKBIRD, files, JmhRow::read).orElse(List.of()),
                of(parts, Part.LOOPBACK, files, Cell::readAll).orElse(List.of()),
                of(parts, Part.TLS, files, Cell::readAll).orElse(List.of()),
                of(parts, Part.CHOICES, files, Cell::readAll).orElse(List.of()),
                of(parts, Part.COLD_START, files, file -> Json.read(file, FirstAnswers.class))
                        .orElse(null),
                of(parts, Part.SCALE, files, file -> Json.read(file, Measurements.class))
                        .orElse(null));
    }

    /** Reads the results of a part that succeeded in this run. Results of an older run do not count. */
    private static <T> Optional<T> of(List<PartRun> parts, String name, Path files, Function<Path, T> reader) {
        for (int i = 0; i < parts.size(); i++) {
            PartRun part = parts.get(i);
            if (part.name().equals(name) && part.failure() == null) {
                try {
                    return Optional.of(reader.apply(Part.file(files, name)));
                } catch (RuntimeException unreadable) {
                    parts.set(i, part.failed(unreadable.toString()));
                }
            }
        }
        return Optional.empty();
    }

    static Results read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(file + ": no such file (expected: what a board wrote)");
        }
        return Json.read(file, Results.class);
    }

    /** Returns these results, completed with the parts of an earlier run that did not run again. */
    Results keeping(Results before) {
        Set<String> now = parts.stream().map(PartRun::name).collect(Collectors.toSet());
        List<PartRun> all = new ArrayList<>(before.parts.stream()
                .filter(part -> !now.contains(part.name()))
                .map(part -> part.keptFrom(before.date))
                .toList());
        all.addAll(parts);
        return new Results(
                form,
                date,
                surroundings,
                loadBefore,
                loadAfter,
                all,
                now.contains(Part.PIPELINE) ? pipeline : before.pipeline,
                now.contains(Part.DECODE) ? decode : before.decode,
                now.contains(Part.DECODE_BLACKBIRD) ? blackbird : before.blackbird,
                now.contains(Part.LOOPBACK) ? cells : before.cells,
                now.contains(Part.TLS) ? tls : before.tls,
                now.contains(Part.CHOICES) ? choices : before.choices,
                now.contains(Part.COLD_START) ? coldStart : before.coldStart,
                now.contains(Part.SCALE) ? scale : before.scale);
    }

    void write(Path directory) {
        Json.write(directory.resolve(FILE), this);
    }

    boolean complete() {
        return parts.stream().allMatch(part -> part.failure() == null);
    }

    Optional<JmhRow> pipelineRow(String method) {
        return pipeline.stream().filter(row -> row.method().equals(method)).findFirst();
    }

    /** Returns the medians of a contender, or empty if it was not measured or had errors. */
    Optional<Medians> medians(String scenario, int concurrency, String contender) {
        return Medians.ofEach(cells.stream()
                        .filter(cell -> cell.scenario().equals(scenario) && cell.concurrency() == concurrency)
                        .toList())
                .stream()
                .filter(row -> row.contender().equals(contender) && row.errors() == 0)
                .findFirst();
    }

    /** Returns the ratio of a contender's figure to another's, or empty if one was not measured or had errors. */
    OptionalDouble ratio(String scenario, int concurrency, String contender, String other, Figure figure) {
        Optional<Medians> own = medians(scenario, concurrency, contender);
        Optional<Medians> others = medians(scenario, concurrency, other);
        return own.isEmpty() || others.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(own.get().to(others.get(), figure));
    }
}
