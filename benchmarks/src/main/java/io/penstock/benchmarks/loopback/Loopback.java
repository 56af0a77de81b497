package io.penstock.benchmarks.loopback;

import io.penstock.ApiClient;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Surroundings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clients side by side, over sockets, each in a process of its own, taking turns; the server in another. It prints a line for
 * each turn, and writes all of them as {@link Cells}. System properties:
 *
 * <ul>
 *   <li>{@code loopback.form}: {@code short} or {@code long}, see {@link Forms};
 *   <li>{@code loopback.contenders}: names separated by semicolons, to let only these take part;
 *   <li>{@code loopback.scenarios}: such as {@code get-small:64;post:64}, to run only these blocks;
 *   <li>{@code loopback.scale}: 0.2 to spend a fifth of the time, for a quick look;
 *   <li>{@code loopback.out}: the file;
 *   <li>{@code loopback.jvm}: more options for the clients' JVMs, separated by blanks, with {@code %s} for the contender.
 * </ul>
 *
 * <p>To see where a client spends its time: {@code -Dloopback.contenders=Penstock -Dloopback.scenarios=get-small:64
 * -Dloopback.jvm=-XX:StartFlightRecording=filename=target/%s.jfr,settings=profile}.
 */
public final class Loopback {

    /** The same for all: a fixed heap, the collector that the JVM would take on a larger machine. */
    private static final List<String> CLIENT_JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    private static final List<String> SERVER_JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");

    private final Map<String, ChildProcess> clients = new LinkedHashMap<>();
    private final List<Cell> cells = new ArrayList<>();
    private final String server;

    private Loopback(String server) {
        this.server = server;
    }

    /** Takes no arguments: what Maven passes for JMH is not for it. */
    public static void main(String[] args) throws IOException {
        double scale = Double.parseDouble(System.getProperty("loopback.scale", "1"));
        String form = System.getProperty("loopback.form", "short");
        Path out = Path.of(System.getProperty("loopback.out", "target/loopback-" + form + ".json"));
        try (ChildProcess server = ChildProcess.start(LeanServer.class, SERVER_JVM)) {
            Loopback loopback = new Loopback("http://127.0.0.1:" + server.greeting());
            for (Block block : Forms.named(form)) {
                if (isWanted(block)) {
                    loopback.run(block.scaled(scale));
                }
            }
            for (ChildProcess client : loopback.clients.values()) {
                client.close();
            }
            write(new Cells(form, Surroundings.of(ApiClient.class), loopback.cells), out);
        }
        System.out.println("Written: " + out);
    }

    private static void write(Cells cells, Path out) throws IOException {
        Files.createDirectories(out.toAbsolutePath().getParent());
        cells.write(out);
    }

    private static boolean isWanted(Block block) {
        List<String> only = list("loopback.scenarios");
        return only.isEmpty() || only.contains(block.scenario().title() + ":" + block.concurrency());
    }

    private static List<String> list(String property) {
        return Stream.of(System.getProperty(property, "").split(";", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void run(Block block) throws IOException {
        List<String> only = list("loopback.contenders");
        List<String> names = new ArrayList<>(block.contenders());
        names.removeIf(name -> !only.isEmpty() && !only.contains(name));
        for (String name : names) {
            measure(block, name, 0, block.warmUpMillis());
        }
        for (int round = 1; round <= block.rounds(); round++) {
            for (String name : names) {
                Measured measured = measure(block, name, block.settleMillis(), block.millis());
                Cell cell = measured.cell(block.scenario().title(), name, block.concurrency(), round);
                cells.add(cell);
                System.out.println(line(cell));
            }
            Collections.rotate(names, 1); // nobody always follows the same one
        }
    }

    private Measured measure(Block block, String name, long settleMillis, long millis) throws IOException {
        ChildProcess client = clients.get(name);
        if (client == null) {
            client = ChildProcess.start(ClientProcess.class, jvm(name), name, server);
            clients.put(name, client);
        }
        return Measured.of(
                client.ask(block.scenario().title() + " " + block.concurrency() + " " + settleMillis + " " + millis));
    }

    private static List<String> jvm(String contender) {
        List<String> options = new ArrayList<>(CLIENT_JVM);
        if (!contender.equals("Armeria")) {
            options.addAll(List.of("-classpath", withoutContextPropagation()));
        }
        String file = contender.replaceAll("[^A-Za-z0-9.]+", "-");
        for (String option : System.getProperty("loopback.jvm", "").split(" +", -1)) {
            if (!option.isEmpty()) {
                options.add(option.replace("%s", file));
            }
        }
        return options;
    }

    /** Armeria cannot do without; Reactor does more work where it finds it. */
    private static String withoutContextPropagation() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("context-propagation"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String line(Cell cell) {
        return String.format(
                Locale.ROOT,
                "%-14s %3d  #%d  %-24s %8.0f/s  p50 %7.0f µs  p99 %7.0f µs  p99.9 %7.0f µs  CPU %6.1f µs  %7.0f B%s",
                cell.scenario(),
                cell.concurrency(),
                cell.round(),
                cell.contender(),
                cell.throughputPerSecond(),
                cell.p50Micros(),
                cell.p99Micros(),
                cell.p999Micros(),
                cell.clientCpuMicrosPerCall(),
                cell.clientBytesPerCall(),
                cell.errors() == 0 ? "" : "  ERRORS: " + cell.errors());
    }
}
