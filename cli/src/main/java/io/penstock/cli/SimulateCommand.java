package io.penstock.cli;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.Simulators;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code simulate}. Runs simulators until it is stopped. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs simulators of the vendors' APIs on loopback until stopped (Ctrl-C).",
        exitCodeListHeading = "%nExit codes:%n")
final class SimulateCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;
    private static final long CLOSING_SECONDS = 10;

    private final Console console;

    @Option(names = "--vendor", paramLabel = "ID", description = "Only this one; may be repeated. All unless given.")
    private List<String> vendors = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The first one's port, the others count up from it. 0 or none: any free ports.")
    private String port = "0";

    SimulateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> wanted = wanted();
        int first = firstPort(wanted.size());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> endedBySignal(stop, stopped), "penstock-stop");
        List<Simulator> running = new ArrayList<>();
        try {
            for (String vendor : wanted) {
                running.add(start(vendor, first == 0 ? 0 : first + running.size()));
            }
            Runtime.getRuntime().addShutdownHook(onSignal);
            running.forEach(this::introduce);
            console.out().println("Running until stopped (Ctrl-C).");
            console.out().flush();
            stop.await();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } finally {
            running.forEach(Simulator::close);
        }
        console.out().println("Stopped.");
        console.out().flush();
        stopped.countDown();
        return ExitCode.SUCCESS;
    }

    /**
     * Ends the process with success instead of the exit code of the signal: a signal is the intended end of this
     * command.
     */
    private static void endedBySignal(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (stopped.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitCode.SUCCESS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> wanted() {
        List<String> known = Simulators.vendors();
        for (String vendor : vendors) {
            if (!known.contains(vendor)) {
                throw BadArgument.of("--vendor", vendor, "unknown", "one of " + String.join(", ", known));
            }
        }
        return vendors.isEmpty() ? known : List.copyOf(new LinkedHashSet<>(vendors));
    }

    private int firstPort(int count) {
        String expected = "0 to " + (LAST_PORT - count + 1);
        try {
            int first = Integer.parseInt(port);
            if (first < 0 || first > LAST_PORT - count + 1) {
                throw BadArgument.of("--port", port, "out of range", expected);
            }
            return first;
        } catch (NumberFormatException e) {
            throw BadArgument.of("--port", port, "not a number", expected);
        }
    }

    private static Simulator start(String vendor, int port) {
        try {
            return Simulators.start(vendor, port);
        } catch (RuntimeException e) {
            throw BadArgument.of(
                    "--port",
                    Integer.toString(port),
                    "cannot listen on it for " + vendor + " (in use, or not permitted)",
                    "a free port, or 0 for any");
        }
    }

    private void introduce(Simulator simulator) {
        String variable = SecretOptions.defaultVariable(simulator.vendor());
        console.out().println(simulator.vendor());
        console.out().println("  base URI  " + simulator.baseUri());
        console.out().println("  secret    " + simulator.secret());
        console.out()
                .println("  try       " + variable + "=" + simulator.secret() + " penstock call " + simulator.vendor()
                        + " " + example(simulator.vendor()) + " --base-url " + simulator.baseUri());
    }

    /** Returns a request that changes nothing on the server. */
    private static String example(String vendor) {
        return vendor.equals("pentify") ? "GET usage" : "GET /";
    }
}
