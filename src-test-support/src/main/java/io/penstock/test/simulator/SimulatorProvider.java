package io.penstock.test.simulator;

/**
 * A factory for the simulator of one vendor. {@link java.util.ServiceLoader} finds it, so a jar can add a simulator
 * with a line in {@code META-INF/services/io.penstock.test.simulator.SimulatorProvider}.
 */
public interface SimulatorProvider {

    /** Returns the vendor's name in lower case. */
    String vendor();

    /**
     * Starts a simulator with the documented rules. The port is bound when it returns.
     *
     * @param port the port on loopback; 0 for any free one
     * @throws RuntimeException if the port is in use
     */
    Simulator start(int port);
}
