package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A comparison of clients over sockets. Each client runs in a process of its own, and they take turns; the server runs
 * in another process. The program prints a line for each turn and writes all turns as {@link Cell}s, see
 * {@link Json#writeResult}. System properties:
 *
 * <ul>
 *   <li>{@code loopback.form}: {@code short}, {@code long}, {@code choices} or {@code tls}, see {@link Form};
 *   <li>{@code loopback.contenders}: the only contenders to run, by name, separated by semicolons;
 *   <li>{@code loopback.scenarios}: the only blocks to run, such as {@code get-small:64;post:64};
 *   <li>{@code loopback.jvm}: more options for the clients' JVMs, separated by blanks, with {@code %s} for the
 *       contender.
 * </ul>
 *
 * <p>To see where a client spends its time: {@code -Dloopback.contenders=Penstock -Dloopback.scenarios=get-small:64
 * -Dloopback.jvm=-XX:StartFlightRecording=filename=target/%s.jfr,settings=profile}.
 */
public final class Loopback {

    private static final List<String> SERVER_JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");

    private final List<String> contenders = list("loopback.contenders");
    private final List<String> scenarios = list("loopback.scenarios");
    private final List<Cell> cells = new ArrayList<>();

    private Loopback() {}

    /** Runs the comparison. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException {
        Form form = Form.named(System.getProperty("loopback.form", "short"));
        Loopback loopback = new Loopback();
        loopback.run(form);
        Json.writeResult("loopback-" + form.name(), loopback.cells);
    }

    private static List<String> list(String property) {
        return Stream.of(System.getProperty(property, "").split(";", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void run(Form form) throws IOException {
        String[] arguments = form.tls() ? new String[] {"tls"} : new String[0];
        try (ChildProcess server = ChildProcess.start(LeanServer.class, SERVER_JVM, arguments);
                Clients clients = new Clients(
                        List.of(server.greeting().split(" ", -1)), System.getProperty("loopback.jvm", ""))) {
            for (Block block : form.blocks()) {
                String name = block.scenario().title() + ":" + block.concurrency();
                if (scenarios.isEmpty() || scenarios.contains(name)) {
                    run(block, clients);
                }
            }
        }
    }

    private void run(Block block, Clients clients) throws IOException {
        List<String> names = new ArrayList<>(block.contenders());
        names.removeIf(name -> !contenders.isEmpty() && !contenders.contains(name));
        for (String name : names) {
            var unused = clients.measure(block.warmUp(name));
        }
        for (int round = 1; round <= block.rounds(); round++) {
            for (String name : names) {
                Cell cell = clients.measure(block.turn(name, round));
                cells.add(cell);
                System.out.println(line(cell));
            }
            Collections.rotate(names, 1); // another contender is first in the next round
        }
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
