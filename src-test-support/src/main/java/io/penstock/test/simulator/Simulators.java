package io.penstock.test.simulator;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Finds the simulators on the class path. */
public final class Simulators {

    private Simulators() {}

    /** The names {@link #start(String, int)} takes, sorted. */
    public static List<String> vendors() {
        return providers().map(provider -> provider.get().vendor()).sorted().toList();
    }

    /**
     * Starts the simulator of a vendor and binds it before returning.
     *
     * @param port the port on loopback, 0 for any free one
     * @throws IllegalArgumentException if no such simulator is on the class path; the message names those that are
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
