package io.penstock.test.simulator;

import java.net.URI;

/**
 * A running simulator of one vendor's API: an in-process HTTP server on loopback.
 *
 * <p>All methods may be called from any thread.
 */
public interface Simulator extends AutoCloseable {

    /** The vendor's name in lower case, as {@link Simulators#start(String, int)} takes it: {@code pentify}. */
    String vendor();

    /** Where a client points: {@code http://127.0.0.1:<port>} and the vendor's documented base path. */
    URI baseUri();

    /** A credential with every right, valid from the start. */
    String secret();

    /** What is scripted to go wrong. */
    FaultPlan faults();

    /** Every request that arrived whole, faulted or not. */
    RequestLog requests();

    /** Every effect the server has had. */
    EffectLedger effects();

    /** Stops listening and drops the open connections; a second call does nothing. Blocks for milliseconds. */
    @Override
    void close();
}
