package io.penstock.example.tidewater;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;

/** A running Tidewater. */
final class TidewaterSimulator implements Simulator {

    private static final String KEY = "tw_4711c0ffee4711c0ffee";

    private final EffectLedger effects = new EffectLedger();
    private final SimulatorServer server;

    private TidewaterSimulator() {
        server = SimulatorServer.start(0, new TidewaterApi(KEY, effects));
    }

    static TidewaterSimulator start() {
        return new TidewaterSimulator();
    }

    @Override
    public URI baseUri() {
        return server.origin();
    }

    @Override
    public String vendor() {
        return "tidewater";
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
