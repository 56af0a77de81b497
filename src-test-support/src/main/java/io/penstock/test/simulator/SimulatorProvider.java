package io.penstock.test.simulator;

/**
 * Starts the simulator of one vendor; found by {@link java.util.ServiceLoader}, so that a simulator is added by a jar
 * and a line in {@code META-INF/services/io.penstock.test.simulator.SimulatorProvider}.
 */
public interface SimulatorProvider {

    /** The vendor's name in lower case. */
    String vendor();

    /**
     * Starts a simulator with the documented rules and binds it before returning.
     *
     * @param port the port on loopback, 0 for any free one
     * @throws RuntimeException if the port is taken
     */
    Simulator start(int port);
}
