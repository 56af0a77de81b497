package io.penstock.test.simulator;

import java.net.URI;

/**
 * A running simulator of one vendor's API: an in-process HTTP server on loopback.
 *
 * <p>All methods may be called from any thread.
 */
public interface Simulator extends AutoCloseable {

    /** Returns the vendor's name in lower case, as in {@link Simulators#start(String, int)}: {@code pentify}. */
    String vendor();

    /** Returns the base URI for clients: {@code http://127.0.0.1:<port>} and the vendor's documented base path. */
    URI baseUri();

    /** Returns a credential that has all permissions and is valid from the start. */
    String secret();

    /** Returns the scripted faults. */
    FaultPlan faults();

    /** Returns the log of all requests that were read whole, with or without a fault. */
    RequestLog requests();

    /** Returns the ledger of all effects that the server has had. */
    EffectLedger effects();

    /** Stops listening and closes the open connections. A second call does nothing. It blocks for milliseconds. */
    @Override
    void close();
}
