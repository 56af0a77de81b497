package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes of the contenders. A process that has started stays, idle between its turns, until the end. */
final class Clients implements AutoCloseable {

    /**
     * The options for all contenders: a fixed heap, and what the JVM would choose on a larger machine, which are the
     * collector and a common pool with workers. With two cores the common pool has one worker, and a {@code
     * CompletableFuture} then starts a thread for each asynchronous stage: the JDK's client would be measured by that.
     */
    private static final List<String> JVM =
            List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");

    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
    private final List<String> server;
    private final String jvm;

    /**
     * Creates an empty set of processes.
     *
     * @param server the id of the process, the address and, if it speaks TLS, the file of the certificate
     * @param jvm more JVM options, separated by blanks
     */
    Clients(List<String> server, String jvm) {
        this.server = server;
        this.jvm = jvm;
    }

    Cell measure(Turn turn) throws IOException {
        ChildProcess process = processes.get(turn.contender());
        if (process == null) {
            process = start(Contenders.named(turn.contender()));
            processes.put(turn.contender(), process);
        }
        return Json.of(process.ask(Json.line(turn)), Cell.class);
    }

    /** Returns the id of the process of a contender that has had a turn. */
    long pid(String contender) {
        return Objects.requireNonNull(processes.get(contender)).pid();
    }

    private ChildProcess start(Contenders.Entry contender) throws IOException {
        List<String> options = new ArrayList<>(JVM);
        options.addAll(contender.jvm());
        options.addAll(List.of("-classpath", classPath(contender.without())));
        String file = contender.name().replaceAll("[^A-Za-z0-9.]+", "-");
        for (String option : jvm.split(" +", -1)) {
            if (!option.isEmpty()) {
                options.add(option.replace("%s", file));
            }
        }
        List<String> arguments = new ArrayList<>(server);
        arguments.add(0, contender.name());
        return ChildProcess.start(ClientProcess.class, options, arguments.toArray(String[]::new));
    }

    private static String classPath(List<String> without) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> without.stream().noneMatch(jar::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public void close() throws IOException {
        for (ChildProcess process : processes.values()) {
            process.close();
        }
    }
}
