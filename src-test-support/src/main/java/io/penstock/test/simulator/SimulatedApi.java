package io.penstock.test.simulator;

/**
 * The vendor's side of a {@link SimulatorServer}: what the API does and says. Called on event loops and timer threads,
 * by several at once: it must not block.
 */
public interface SimulatedApi {

    /** Acts on a request and returns what to answer. Must not throw. */
    SimulatedResponse answer(LoggedRequest request);

    /**
     * The vendor's own error answer with a status, without acting: for {@link Fault#status(int)} and for what the server
     * itself refuses (413 for a body over 1 MiB).
     */
    SimulatedResponse error(LoggedRequest request, int status);
}
