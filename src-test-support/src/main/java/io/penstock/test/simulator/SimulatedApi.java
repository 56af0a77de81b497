package io.penstock.test.simulator;

/**
 * The vendor's behaviour in a {@link SimulatorServer}: its effects and responses. The server calls it on event loops
 * and timer threads, several at once. It must not block.
 */
public interface SimulatedApi {

    /** Acts on a request and returns the response. It must not throw. */
    SimulatedResponse answer(LoggedRequest request);

    /**
     * Returns the vendor's own error response with a status. It does not act. It serves {@link Fault#status(int)} and
     * the refusals of the server itself (413 for a body over 1 MiB).
     */
    SimulatedResponse error(LoggedRequest request, int status);
}
