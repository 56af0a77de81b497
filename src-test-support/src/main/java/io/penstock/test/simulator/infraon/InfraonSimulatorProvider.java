package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** The provider behind {@code Simulators.start("infraon", port)}, with {@link InfraonRules#documented()}. */
public final class InfraonSimulatorProvider implements SimulatorProvider {

    /** Creates the provider, for {@link java.util.ServiceLoader}. */
    public InfraonSimulatorProvider() {}

    @Override
    public String vendor() {
        return InfraonSimulator.VENDOR;
    }

    @Override
    public Simulator start(int port) {
        return InfraonSimulator.start(InfraonRules.documented(), port);
    }
}
