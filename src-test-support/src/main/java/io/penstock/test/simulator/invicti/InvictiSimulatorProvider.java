package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** Makes {@code Simulators.start("invicti", port)} work, with {@link InvictiRules#documented()}. */
public final class InvictiSimulatorProvider implements SimulatorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public InvictiSimulatorProvider() {}

    @Override
    public String vendor() {
        return InvictiSimulator.VENDOR;
    }

    @Override
    public Simulator start(int port) {
        return InvictiSimulator.start(InvictiRules.documented(), port);
    }
}
