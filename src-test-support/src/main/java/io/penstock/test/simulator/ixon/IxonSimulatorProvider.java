package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** The provider behind {@code Simulators.start("ixon", port)}, with {@link IxonRules#documented()}. */
public final class IxonSimulatorProvider implements SimulatorProvider {

    /** Creates the provider, for {@link java.util.ServiceLoader}. */
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
