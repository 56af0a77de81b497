package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** Makes {@code Simulators.start("picus", port)} work, with {@link PicusRules#documented()}. */
public final class PicusSimulatorProvider implements SimulatorProvider {

    /** For {@link java.util.ServiceLoader}. */
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
