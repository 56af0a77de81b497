package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorProvider;

/** The provider behind {@code Simulators.start("invicti", port)}, with {@link InvictiRules#documented()}. */
public final class InvictiSimulatorProvider implements SimulatorProvider {

    /** Creates the provider, for {@link java.util.ServiceLoader}. */
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
