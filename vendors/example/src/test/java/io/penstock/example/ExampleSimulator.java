package io.penstock.example;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.util.function.BiFunction;

/** A running simulator of an API with one key. */
public final class ExampleSimulator implements Simulator {

    private final String vendor;
    private final String key;
    private final String basePath;
    private final EffectLedger effects = new EffectLedger();
    private final SimulatorServer server;

    /**
     * Starts the server.
     *
     * @param basePath the path of the base URI; empty for the root
     * @param api creates the behaviour from the key and the ledger of effects
     */
    public ExampleSimulator(
            String vendor, String key, String basePath, BiFunction<String, EffectLedger, SimulatedApi> api) {
        this.vendor = vendor;
        this.key = key;
        this.basePath = basePath;
        this.server = SimulatorServer.start(0, api.apply(key, effects));
    }

    @Override
    public URI baseUri() {
        return server.origin().resolve(basePath);
    }

    @Override
    public String vendor() {
        return vendor;
    }

    @Override
    public String secret() {
        return key;
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
