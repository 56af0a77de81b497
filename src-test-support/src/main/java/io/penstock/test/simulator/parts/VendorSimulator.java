package io.penstock.test.simulator.parts;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running simulator: a server, the state behind it and, if the vendor has one, the foreign host of its files. */
public abstract class VendorSimulator implements Simulator {

    private final String vendor;
    private final SimulatedState state;
    private final SimulatorServer server;
    private final @Nullable SimulatorServer files;

    /**
     * Starts the server. It listens when the constructor returns. If it cannot, the foreign host is closed.
     *
     * @param port the port on loopback, 0 for any free one
     * @param files the foreign host; {@code null} if there is none
     */
    protected VendorSimulator(
            String vendor, SimulatedState state, int port, SimulatedApi api, @Nullable SimulatorServer files) {
        this.vendor = vendor;
        this.state = state;
        this.files = files;
        try {
            server = SimulatorServer.start(port, api);
        } catch (RuntimeException e) {
            closeFiles();
            throw e;
        }
    }

    @Override
    public final String vendor() {
        return vendor;
    }

    /** Returns the same as {@link #origin()}, unless the vendor has a base path. */
    @Override
    public URI baseUri() {
        return origin();
    }

    /** Returns {@code http://127.0.0.1:<port>}, without a path. */
    public final URI origin() {
        return server.origin();
    }

    @Override
    public final FaultPlan faults() {
        return server.faults();
    }

    @Override
    public final RequestLog requests() {
        return server.requests();
    }

    /** Returns the number of open connections to the API. Every request of a closed connection is in the log. */
    public final int openConnections() {
        return server.openConnections();
    }

    @Override
    public final EffectLedger effects() {
        return state.effects;
    }

    @Override
    public final void close() {
        server.close();
        closeFiles();
    }

    private void closeFiles() {
        if (files != null) {
            files.close();
        }
    }

    /** Reads or changes the state while no request acts. */
    protected final <T extends @Nullable Object> T locked(Supplier<T> action) {
        synchronized (state) {
            return action.get();
        }
    }

    /** Changes the state while no request acts. */
    protected final void locked(Runnable action) {
        synchronized (state) {
            action.run();
        }
    }
}
