package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** The provider behind {@code Simulators.start("pentify", port)}, with {@link PentifyRules#documented()}. */
public final class PentifySimulatorProvider implements SimulatorProvider {

    /** Creates the provider, for {@link java.util.ServiceLoader}. */
    public PentifySimulatorProvider() {}

    @Override
    public String vendor() {
        return PentifySimulator.VENDOR;
    }

    @Override
    public Simulator start(int port) {
        return PentifySimulator.start(PentifyRules.documented(), port);
    }
}
