package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** The provider behind {@code Simulators.start("picus", port)}, with {@link PicusRules#documented()}. */
public final class PicusSimulatorProvider implements SimulatorProvider {

    /** Creates the provider, for {@link java.util.ServiceLoader}. */
    public PicusSimulatorProvider() {}

    @Override
    public String vendor() {
        return PicusSimulator.VENDOR;
    }

    @Override
    public Simulator start(int port) {
        return PicusSimulator.start(PicusRules.documented(), port);
    }
}
