package io.penstock.error;

/**
 * What is known about the effect of a request that failed. The constants stand in the order of what they admit.
 *
 * <p>It follows from whether the request's first byte was handed to a connection and from the status that came back,
 * never from the name of an exception alone.
 */
public enum Certainty {
    /** No byte of the request left this process: the server cannot have acted. */
    NOT_SENT,
    /** The server answered that it did not act (401, 404, 422, 429, a 503 with a wait hint, …). */
    REJECTED,
    /** The request left, and nothing tells whether the server acted (reset, time-out, 500, 502, 504, …). */
    MAYBE_PROCESSED,
    /** The server acted; its answer was lost on the way or cannot be read. */
    PROCESSED;

    /** Of two attempts at one call, the one that says more of an effect: what is known about the call is the strongest. */
    public Certainty orStronger(Certainty other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Whether the server may have acted, so that sending an unsafe request again could act twice. */
    public boolean mayHaveActed() {
        return this == MAYBE_PROCESSED || this == PROCESSED;
    }
}
