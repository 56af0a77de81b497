package io.penstock.benchmarks.loopback;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** async-profiler, where its program {@code asprof} is installed. */
final class Profiler {

    static final int SECONDS = 3;

    private static final long PATIENCE_SECONDS = 30;

    private final Path program;

    private Profiler(Path program) {
        this.program = program;
    }

    /** Returns the profiler in one of the directories, which are separated as those of {@code PATH}. */
    static Optional<Profiler> find(String path) {
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "asprof"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Profiler::new);
    }

    /** Starts a profile of the CPU time of a process. It becomes a flame graph in the file after {@link #SECONDS}. */
    Process start(long pid, Path file) throws IOException {
        List<String> command = List.of(
                program.toString(), "-e", "cpu", "-d", "" + SECONDS, "-o", "flamegraph", "-f", "" + file, "" + pid);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Waits for the end of a profile, and returns a description of the outcome. */
    static String outcome(Process profile, Path file) throws InterruptedException {
        if (!profile.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            profile.destroy();
            return "No profile: asprof does not end";
        }
        return profile.exitValue() == 0 ? "Profile: " + file : "No profile: asprof ended with " + profile.exitValue();
    }
}
