package io.penstock.benchmarks.board;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.coldstart.RuntimeClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a part.
 *
 * @param name the name of the part
 * @param command the command of the part, for display
 * @param seconds the duration in seconds
 * @param failure the reason why there are no results; null if there are results
 * @param earlier the day of the earlier run that the result is kept from; null if the part ran now
 */
record PartRun(
        String name,
        String command,
        double seconds,
        @Nullable String failure,
        @Nullable String earlier) {

    PartRun keptFrom(String day) {
        return new PartRun(name, command, seconds, failure, earlier == null ? day : earlier);
    }

    PartRun failed(String why) {
        return new PartRun(name, command, seconds, why, earlier);
    }

    /** Runs a part. Removes an old result file first, and writes the output to a log file beside the results. */
    static PartRun of(Part part, Path directory) throws InterruptedException {
        long began = System.nanoTime();
        String failure;
        try {
            failure = run(part, directory);
        } catch (IOException e) {
            failure = e.toString();
        }
        return new PartRun(part.name(), part.command(), (System.nanoTime() - began) / 1e9, failure, null);
    }

    private static @Nullable String run(Part part, Path directory) throws IOException, InterruptedException {
        Path result = Part.file(directory, part.name());
        Path log = directory.resolve(part.name() + ".log");
        Files.deleteIfExists(result);
        Process process = new ProcessBuilder(command(part))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(part.limit().toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            return "not done after " + part.limit().toMinutes() + " minutes; see " + log.getFileName();
        }
        if (process.exitValue() != 0) {
            return "exit " + process.exitValue() + "; see " + log.getFileName();
        }
        return Files.exists(result) ? null : "no " + result.getFileName() + "; see " + log.getFileName();
    }

    private static List<String> command(Part part) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(part.jvm());
        options.add("-Dbench.maven=" + System.getProperty("bench.maven", "mvn"));
        if (!part.added().isEmpty()) {
            String added = RuntimeClassPath.of(part.name(), part.added()).argument();
            options.addAll(List.of("-classpath", System.getProperty("java.class.path") + File.pathSeparator + added));
        }
        return ChildProcess.command(options, part.main(), part.args());
    }
}
