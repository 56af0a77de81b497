package io.penstock.benchmarks.board;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The thoroughness of a board. */
enum Form {
    /** About twenty minutes on two cores: without TLS, the transport settings, and Blackbird. */
    SHORT("-f 1 -wi 2 -w 1s -i 4 -r 500ms", "-f 1 -wi 2 -w 450ms -i 3 -r 200ms", 5, Duration.ofMinutes(25)),
    /** About two hours: everything. */
    LONG("-f 3 -wi 5 -w 1s -i 5 -r 1s", "-f 2 -wi 5 -w 1s -i 5 -r 1s", 11, Duration.ofMinutes(100)),
    /** About two minutes: the parts of the short board, to see that they run. Its figures mean nothing. */
    TRIAL("-f 0 -wi 0 -i 1 -r 10ms", "-f 0 -wi 0 -i 1 -r 10ms", 1, Duration.ofMinutes(10));

    private final String pipeline;
    private final String decode;
    private final int coldStarts;
    private final Duration limit;

    Form(String pipeline, String decode, int coldStarts, Duration limit) {
        this.pipeline = pipeline;
        this.decode = decode;
        this.coldStarts = coldStarts;
        this.limit = limit;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the parts to run, in order.
     *
     * @param only the names of the parts to run, of either form; empty for the usual parts of this form
     */
    List<Part> parts(Path directory, List<String> only) {
        List<Part> all = List.of(
                Part.jmh(Part.PIPELINE, "", limit, directory, "[.]PipelineOverhead " + pipeline),
                Part.jmh(Part.DECODE, "", limit, directory, "[.]Decode[.] " + decode),
                Part.jmh(
                        Part.DECODE_BLACKBIRD,
                        "tools.jackson.module:jackson-module-blackbird",
                        limit,
                        directory,
                        "[.]Decode[.](penstock|objectReader)$ -p size=SMALL,KB8 " + decode),
                loopback(Part.LOOPBACK, word(), directory),
                loopback(Part.TLS, "tls", directory),
                loopback(Part.CHOICES, "choices", directory),
                Part.scenario(
                        Part.COLD_START, "coldstart.ColdStart", limit, directory, "-Dcoldstart.rounds=" + coldStarts),
                Part.scenario(Part.SCALE, "scale.Scale", limit, directory));
        List<String> names = all.stream().map(Part::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("board.parts: " + name + " (expected: some of " + names + ")");
            }
        }
        Predicate<Part> wanted = only.isEmpty() ? this::usual : part -> only.contains(part.name());
        return all.stream().filter(wanted).toList();
    }

    private boolean usual(Part part) {
        return this == LONG
                || !List.of(Part.DECODE_BLACKBIRD, Part.TLS, Part.CHOICES).contains(part.name());
    }

    private Part loopback(String name, String form, Path directory) {
        return Part.scenario(name, "loopback.Loopback", limit, directory, "-Dloopback.form=" + form);
    }
}
