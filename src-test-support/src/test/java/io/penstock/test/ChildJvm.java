package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of its own. What it prints, its log included, goes to a file that is shown if it fails: results have to come
 * back another way.
 */
final class ChildJvm {

    private ChildJvm() {}

    /** The class path of this process; Surefire may have started it from a jar that only names it. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Runs a main class to its end, with the class path of this process. */
    static void run(Duration patience, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        run(patience, classPath(), options, main, arguments);
    }

    /** Runs a main class to its end, and fails unless it ends by itself and well. */
    static void run(Duration patience, String classPath, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String transport = System.getProperty("penstock.transport");
        if (transport != null) {
            command.add("-Dpenstock.transport=" + transport);
        }
        String log =
                System.getProperty("test.fork", "ide") + "-" + main.getName().replaceAll(".*\\.", "");
        command.addAll(List.of("-Dtest.log.level=WARN", "-Dtest.fork=" + log, "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        File output = File.createTempFile(main.getSimpleName(), ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("ended within %s:%n%s", patience, tail(output)).isTrue();
            assertThat(process.exitValue()).as(tail(output)).isZero();
        } finally {
            Files.delete(output.toPath());
        }
    }

    private static String tail(File output) throws IOException {
        String all = Files.readString(output.toPath());
        return all.substring(Math.max(0, all.length() - 4_000));
    }
}
