package io.penstock.cli;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.Simulators;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * The command {@code demo}. Shows how the library handles failures, against a simulator over real sockets, and checks
 * the results.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Drives a simulated API through faults and shows what the client does about them (12 s).",
        exitCodeListHeading = "%nExit codes:%n")
final class DemoCommand implements Callable<Integer> {

    private final Console console;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Simulator pentify = Simulators.start("pentify", 0)) {
            return new Demo(pentify, console.out()).run() ? ExitCode.SUCCESS : ExitCode.UNEXPECTED;
        }
    }
}
