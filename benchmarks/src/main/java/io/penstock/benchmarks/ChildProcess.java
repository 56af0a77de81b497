package io.penstock.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class that runs in a process of its own and replies to each line on its input with one line. Not thread-safe.
 */
public final class ChildProcess implements AutoCloseable {

    /** The replies of a child process to its commands. */
    public interface Replies {

        /** Returns the reply to a line, as one line. */
        String to(String line) throws IOException, InterruptedException;
    }

    private final Process process;
    private final BufferedReader replies;
    private final BufferedWriter commands;
    private final String greeting;
    private final String name;

    private ChildProcess(String name, Process process) throws IOException {
        this.name = name;
        this.process = process;
        this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.greeting = line();
    }

    /** In a child process: prints a greeting, and replies to each line of input until its end. */
    public static void reply(Object greeting, Replies replies) throws IOException, InterruptedException {
        System.out.println(greeting);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(replies.to(line));
        }
    }

    /** Starts a process with the class path of this process and waits for its first line. */
    public static ChildProcess start(Class<?> main) throws IOException {
        return start(main, List.of());
    }

    /**
     * Starts a process with additional JVM options, which override the defaults, and with arguments for the main class.
     */
    public static ChildProcess start(Class<?> main, List<String> jvmOptions, String... arguments) throws IOException {
        return new ChildProcess(
                main.getSimpleName() + " " + String.join(" ", arguments),
                new ProcessBuilder(command(jvmOptions, main.getName(), List.of(arguments)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Returns the command of a JVM with the class path of this process, unless the options have another one. */
    public static List<String> command(List<String> jvmOptions, String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-classpath",
                System.getProperty("java.class.path")));
        command.addAll(jvmOptions);
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    /** Returns the first line that the process printed. */
    public String greeting() {
        return greeting;
    }

    /** Returns the id of the process. */
    public long pid() {
        return process.pid();
    }

    /** Sends a line and returns the reply. */
    public String ask(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
            return line();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not obey: " + command, e);
        }
    }

    private String line() throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new IOException(name + " has ended (see its error output above)");
        }
        return line;
    }

    /** Closes the input of the process, at whose end it should stop, and then destroys it. */
    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
    }
}
