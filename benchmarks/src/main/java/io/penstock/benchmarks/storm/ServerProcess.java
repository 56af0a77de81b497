package io.penstock.benchmarks.storm;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The running {@link StormServer}, seen from the process of the callers. For one thread. */
final class ServerProcess implements AutoCloseable {

    /** When the server obeyed, by the machine's clock, and how many sends it had counted by then. */
    record Mark(long millis, long sends) {}

    private final Process process;
    private final BufferedReader replies;
    private final BufferedWriter commands;
    private final String uri;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.uri = "http://127.0.0.1:" + line();
    }

    static ServerProcess start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-classpath",
                System.getProperty("java.class.path"),
                StormServer.class.getName());
        return new ServerProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Where it listens. */
    String uri() {
        return uri;
    }

    Mark serve(int workers) {
        return mark("serve " + workers);
    }

    Mark fail(Scenario.Failing how) {
        return mark(how.name().toLowerCase(Locale.ROOT));
    }

    Mark begin() {
        return mark("begin");
    }

    /** The sends in each slot since {@link #begin}. */
    List<Long> counts() {
        return List.of(ask("counts").split(",", -1)).stream().map(Long::valueOf).toList();
    }

    private Mark mark(String command) {
        List<String> words = List.of(ask(command).split(" ", -1));
        return new Mark(Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
    }

    private String ask(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
            return line();
        } catch (IOException e) {
            throw new UncheckedIOException("the server's process does not obey: " + command, e);
        }
    }

    private String line() throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new IOException("the server's process has ended (see its error output above)");
        }
        return line;
    }

    /** Ends the process: it stops at the end of its input. */
    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
    }
}
