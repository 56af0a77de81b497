package io.penstock.error;

/**
 * The certainty that a failed request had an effect. The constants are ordered from no effect to a certain effect.
 *
 * <p>Certainty follows from whether the request's first byte was handed to a connection and from the status that was
 * received, never from the name of an exception alone.
 */
public enum Certainty {
    /** No byte of the request left this process, so the server cannot have acted. */
    NOT_SENT,
    /** The server answered that it did not act (401, 404, 422, 429, a 503 with a wait hint, …). */
    REJECTED,
    /** The request was sent, and it is unknown whether the server acted (reset, timeout, 500, 502, 504, …). */
    MAYBE_PROCESSED,
    /** The server acted, but its answer was lost on the way or cannot be read. */
    PROCESSED;

    /** Returns the stronger of two certainties. The certainty of a call is the strongest of its attempts. */
    public Certainty orStronger(Certainty other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Returns whether the server may have acted, so that sending an unsafe request again could act twice. */
    public boolean mayHaveActed() {
        return this == MAYBE_PROCESSED || this == PROCESSED;
    }
}
