package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A comparison of clients over sockets. Each client runs in a process of its own, and they take turns; the server runs
 * in another process. Clients warm up until their figures settle; then each turn of a client follows one of the base,
 * so that a pair of turns sees the same machine. The program prints a line for each turn and writes all turns as
 * {@link Cell}s, see {@link Json#writeResult}. System properties:
 *
 * <ul>
 *   <li>{@code loopback.form}: {@code short}, {@code long}, {@code choices}, {@code tls} or {@code trial}, see {@link Form};
 *   <li>{@code loopback.contenders}: the only contenders to run, besides the base, by name, separated by semicolons;
 *   <li>{@code loopback.scenarios}: the only blocks to run, such as {@code get-small:64;post:64};
 *   <li>{@code loopback.jvm}: more options for the clients' JVMs, separated by blanks, with {@code %s} for the
 *       contender.
 * </ul>
 *
 * <p>To see where a client spends its time: {@code -Dloopback.contenders=Penstock -Dloopback.scenarios=get-small:64
 * -Dloopback.jvm=-XX:StartFlightRecording=filename=target/%s.jfr,settings=profile}. Where async-profiler's {@code
 * asprof} is on the {@code PATH}, each block also leaves a flame graph of Penstock in {@code target/board}, from a turn
 * that is not measured.
 */
public final class Loopback {

    private static final String PENSTOCK = "Penstock";

    private static final List<String> SERVER_JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");

    private final List<String> contenders = list("loopback.contenders");
    private final List<String> scenarios = list("loopback.scenarios");
    private final List<Cell> cells = new ArrayList<>();

    private Loopback() {}

    /** Runs the comparison. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
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

    private void run(Form form) throws IOException, InterruptedException {
        String[] arguments = form.tls() ? new String[] {"tls"} : new String[0];
        try (ChildProcess server = ChildProcess.start(LeanServer.class, SERVER_JVM, arguments);
                Clients clients = new Clients(
                        List.of((server.pid() + " " + server.greeting()).split(" ", -1)),
                        System.getProperty("loopback.jvm", ""))) {
            for (Block block : form.blocks()) {
                if (scenarios.isEmpty() || scenarios.contains(block.name())) {
                    run(block, clients);
                }
            }
        }
    }

    private void run(Block block, Clients clients) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(block.contenders());
        names.removeIf(name -> !contenders.isEmpty() && !contenders.contains(name));
        for (String name : block.toWarmUp(names)) {
            warmUp(block, name, clients);
        }
        for (int round = 1; round <= block.rounds(); round++) {
            for (String name : names) {
                for (Turn turn : block.turns(name, round)) {
                    Cell cell = clients.measure(turn);
                    cells.add(cell);
                    System.out.println(line(cell));
                }
            }
            Collections.rotate(names, 1); // another contender is first in the next round
        }
        Optional<Profiler> profiler = Profiler.find(Objects.requireNonNullElse(System.getenv("PATH"), ""));
        if (profiler.isPresent() && names.contains(PENSTOCK)) {
            profile(profiler.get(), block, clients);
        }
    }

    private static void warmUp(Block block, String name, Clients clients) throws IOException {
        List<Cell> turns = new ArrayList<>();
        while (!block.warmUp().isOver(turns)) {
            turns.add(clients.measure(block.warmUp(name)));
        }
        Cell last = turns.get(turns.size() - 1);
        System.out.printf(
                Locale.ROOT,
                "%-14s %3d  warm after %.0f s: %s, CPU %.1f µs, the server's %.1f µs%n",
                last.scenario(),
                last.concurrency(),
                turns.stream().mapToDouble(Cell::seconds).sum(),
                name,
                last.clientCpuMicrosPerCall(),
                last.serverCpuMicrosPerCall());
    }

    /** Profiles Penstock in a turn after the last round, so that no measured turn is disturbed. */
    private static void profile(Profiler profiler, Block block, Clients clients)
            throws IOException, InterruptedException {
        Path file = Files.createDirectories(Path.of("target", "board").toAbsolutePath())
                .resolve("profile-" + block.name().replace(':', '-') + ".html");
        Process profile = profiler.start(clients.pid(PENSTOCK), file);
        var unused = clients.measure(new Turn(
                PENSTOCK,
                PENSTOCK,
                block.scenario(),
                block.concurrency(),
                0,
                0,
                TimeUnit.SECONDS.toMillis(Profiler.SECONDS + 1)));
        System.out.println(Profiler.outcome(profile, file));
    }

    private static String line(Cell cell) {
        return String.format(
                Locale.ROOT,
                "%-14s %3d  #%d  %-24s %8.0f/s  p50 %7.0f µs  p99 %7.0f µs  CPU %6.1f µs  %7.0f B"
                        + "  server %5.1f µs  busiest thread %.2f  others %.2f  idle %.2f%s",
                cell.scenario(),
                cell.concurrency(),
                cell.round(),
                cell.contender(),
                cell.throughputPerSecond(),
                cell.p50Micros(),
                cell.p99Micros(),
                cell.clientCpuMicrosPerCall(),
                cell.clientBytesPerCall(),
                cell.serverCpuMicrosPerCall(),
                cell.busiestThread(),
                cell.foreignCores(),
                cell.idleCores(),
                cell.errors() == 0 ? "" : "  ERRORS: " + cell.errors());
    }
}
