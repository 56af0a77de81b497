package io.penstock.example;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;

/** A running Lumen. */
final class LumenSimulator implements Simulator {

    private static final String KEY = "lum_4711c0ffee4711c0ffee";

    // guide: server
    private final EffectLedger effects = new EffectLedger();
    private final SimulatorServer server;

    private LumenSimulator(int requestsPerMinute) {
        server = SimulatorServer.start(0, new LumenApi(KEY, requestsPerMinute, effects));
    }

    static LumenSimulator start(int requestsPerMinute) {
        return new LumenSimulator(requestsPerMinute);
    }

    @Override
    public URI baseUri() {
        return server.origin().resolve("/v1");
    }
    // guide: end

    @Override
    public String vendor() {
        return "lumen";
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
