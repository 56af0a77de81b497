package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** Makes {@code Simulators.start("ixon", port)} work, with {@link IxonRules#documented()}. */
public final class IxonSimulatorProvider implements SimulatorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public IxonSimulatorProvider() {}

    @Override
    public String vendor() {
        return IxonSimulator.VENDOR;
    }

    @Override
    public Simulator start(int port) {
        return IxonSimulator.start(IxonRules.documented(), port);
    }
}
