package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** Makes {@code Simulators.start("pentify", port)} work, with {@link PentifyRules#documented()}. */
public final class PentifySimulatorProvider implements SimulatorProvider {

    /** For {@link java.util.ServiceLoader}. */
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
