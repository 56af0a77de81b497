package io.penstock.example.mooring;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;

/** A running Mooring. */
final class MooringSimulator implements Simulator {

    private static final String KEY = "mk_4711c0ffee4711c0ffee";

    private final EffectLedger effects = new EffectLedger();
    private final SimulatorServer server;

    private MooringSimulator() {
        server = SimulatorServer.start(0, new MooringApi(KEY, effects));
    }

    static MooringSimulator start() {
        return new MooringSimulator();
    }

    @Override
    public URI baseUri() {
        return server.origin().resolve("/v1");
    }

    @Override
    public String vendor() {
        return "mooring";
    }

    @Override
    public String secret() {
        return KEY;
    }

    @Override
    public FaultPlan faults() {
        return server.faults();
    }

    @Override
    public RequestLog requests() {
        return server.requests();
    }

    @Override
    public EffectLedger effects() {
        return effects;
    }

    @Override
    public void close() {
        server.close();
    }
}
