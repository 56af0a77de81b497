package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** Makes {@code Simulators.start("infraon", port)} work, with {@link InfraonRules#documented()}. */
public final class InfraonSimulatorProvider implements SimulatorProvider {

    /** For {@link java.util.ServiceLoader}. */
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
