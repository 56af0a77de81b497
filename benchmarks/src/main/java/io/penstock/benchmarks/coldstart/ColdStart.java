package io.penstock.benchmarks.coldstart;

import io.penstock.ApiClient;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import io.penstock.benchmarks.coldstart.FirstAnswers.Program;
import io.penstock.benchmarks.coldstart.FirstAnswers.Start;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A measurement of the time from the start of a JVM to its first response, for programs that make one GET to a server
 * in another process and end. It also records the number and size of the jars on their runtime class paths.
 *
 * <p>System properties: {@code coldstart.rounds}, the number of rounds, 5 by default; and {@link Json#writeResult}.
 */
public final class ColdStart {

    /** The name of Penstock in the results. */
    public static final String PENSTOCK = "Penstock";

    /** The name of the base in the results. */
    public static final String REACTOR_NETTY = "Reactor Netty + Jackson";

    private static final String BLACKBIRD = "tools.jackson.module:jackson-module-blackbird";

    private record Contender(String name, Class<?> main, RuntimeClassPath classPath) {}

    private ColdStart() {}

    /** Runs the measurement. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException, URISyntaxException {
        int rounds = Integer.getInteger("coldstart.rounds", 5);
        List<Contender> contenders = contenders();
        List<Start> starts = new ArrayList<>();
        try (ChildProcess server = ChildProcess.start(GreetingServer.class)) {
            for (int round = 0; round <= rounds; round++) {
                for (Contender contender : contenders) {
                    Start start = start(contender, round, server.greeting());
                    if (round > 0) { // the first round fills the caches of the file system
                        starts.add(start);
                        System.out.println(start);
                    }
                }
            }
        }
        List<Program> programs = new ArrayList<>();
        for (Contender one : contenders) {
            programs.add(new Program(one.name, one.classPath.jars().size(), one.classPath.bytes()));
        }
        Json.writeResult("cold-start", new FirstAnswers(programs, starts));
    }

    private static List<Contender> contenders() throws IOException, InterruptedException, URISyntaxException {
        Path core = Path.of(ApiClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(core)) {
            throw new IOException(core + " is a directory (expected: core's jar; run the phase \"package\")");
        }
        RuntimeClassPath penstock =
                RuntimeClassPath.ofModule(RuntimeClassPath.root().resolve("core"), core);
        return List.of(
                new Contender(PENSTOCK, PenstockProgram.class, penstock),
                new Contender(
                        PENSTOCK + ", with Blackbird",
                        PenstockProgram.class,
                        penstock.with(RuntimeClassPath.of("blackbird", BLACKBIRD))),
                new Contender(
                        REACTOR_NETTY,
                        ReactorNettyProgram.class,
                        RuntimeClassPath.of(
                                "reactor-netty",
                                "io.projectreactor.netty:reactor-netty-http",
                                "tools.jackson.core:jackson-databind")),
                new Contender(
                        "JDK HttpClient + Jackson",
                        JdkProgram.class,
                        RuntimeClassPath.of("jdk", "tools.jackson.core:jackson-databind")));
    }

    private static Start start(Contender contender, int round, String uri) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                Path.of("target", "classes") + File.pathSeparator + contender.classPath.argument(),
                contender.main.getName(),
                uri);
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String answered = out.readLine();
            double millis = (System.nanoTime() - began) / 1e6;
            String cpu = out.readLine();
            int exit = process.waitFor();
            if (!"answered 7".equals(answered) || cpu == null || exit != 0) {
                throw new IOException(contender.name + ": exit " + exit + " after \"" + answered
                        + "\" (expected: \"answered 7\"); run it by hand: " + String.join(" ", command));
            }
            return new Start(contender.name, round, millis, Long.parseLong(cpu) / 1e6);
        } finally {
            process.destroy();
        }
    }
}
