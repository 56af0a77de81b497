package io.penstock.benchmarks.board;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How thorough a board is. */
enum Form {
    /** Below ten minutes on two cores. */
    SHORT("-f 1 -wi 3 -w 400ms -i 5 -r 400ms", "-f 1 -wi 3 -w 300ms -i 3 -r 300ms", 5, Duration.ofMinutes(6)),
    /** About an hour and a half. */
    LONG("-f 3 -wi 5 -w 1s -i 5 -r 1s", "-f 2 -wi 5 -w 1s -i 5 -r 1s", 11, Duration.ofMinutes(100));

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

    /** What is run, in this order: what times mean most for comes first, when the machine is coolest. */
    List<Part> parts(Path directory) {
        return List.of(
                Part.jmh(Part.PIPELINE, "", limit, directory, "[.]PipelineOverhead " + pipeline),
                Part.jmh(Part.DECODE, "", limit, directory, "[.]Decode[.] " + decode),
                Part.jmh(
                        Part.DECODE_BLACKBIRD,
                        "tools.jackson.module:jackson-module-blackbird",
                        limit,
                        directory,
                        "[.]Decode[.](penstock|objectReader)$ " + decode),
                Part.scenario(
                        Part.LOOPBACK,
                        "loopback.Loopback",
                        limit,
                        "-Dloopback.form=" + word(),
                        "-Dloopback.out=" + Part.file(directory, Part.LOOPBACK)),
                Part.scenario(
                        Part.COLD_START,
                        "coldstart.ColdStart",
                        limit,
                        "-Dcoldstart.rounds=" + coldStarts,
                        "-Dbench.result=" + Part.file(directory, Part.COLD_START)),
                Part.scenario(Part.SCALE, "scale.Scale", limit, "-Dbench.result=" + Part.file(directory, Part.SCALE)));
    }
}
