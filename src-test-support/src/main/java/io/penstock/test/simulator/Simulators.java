package io.penstock.test.simulator;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The simulators on the class path. */
public final class Simulators {

    private Simulators() {}

    /** Returns the sorted vendor names that {@link #start(String, int)} accepts. */
    public static List<String> vendors() {
        return providers().map(provider -> provider.get().vendor()).sorted().toList();
    }

    /**
     * Starts the simulator of a vendor. The port is bound when it returns.
     *
     * @param port the port on loopback; 0 for any free one
     * @throws IllegalArgumentException if no such simulator is on the class path; the message lists the available ones
     */
    public static Simulator start(String vendor, int port) {
        return providers()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.vendor().equals(vendor))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "vendor: " + vendor + " (expected one of: " + String.join(", ", vendors()) + ")"))
                .start(port);
    }

    private static Stream<ServiceLoader.Provider<SimulatorProvider>> providers() {
        return ServiceLoader.load(SimulatorProvider.class, Simulators.class.getClassLoader()).stream();
    }
}
