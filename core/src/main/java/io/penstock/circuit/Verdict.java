package io.penstock.circuit;

import io.penstock.error.Certainty;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;

/** The verdict of an attempt's end on the server's health. */
enum Verdict {
    /** The server works. */
    SUCCESS,
    /** The server fails. */
    FAILURE,
    /**
     * The server answered with a refusal: a 404 or 429 shows only that it is alive. It has no weight while the circuit
     * is closed, where many refusals would hide a server that fails. On trial it counts as a success: otherwise a
     * client whose calls are all refused would stay on trial forever.
     */
    ANSWERED,
    /** Nothing: the attempt ended for a reason on this side. */
    NEUTRAL;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERRORS = 500;

    /** Returns the verdict on an attempt that failed. A pure function. */
    static Verdict on(Failure failure) {
        int status = failure.status();
        return switch (failure.kind()) {
            case CONNECT, CONNECTION_LOST, PROTOCOL_VIOLATION -> FAILURE;
            // A slow handshake may succeed next time; a wrong certificate needs a person to fix it.
            case TLS -> failure.retryability() == Retryability.TRANSIENT ? FAILURE : NEUTRAL;
            // A server that refuses excess requests is well, whatever the status of the refusal.
            case RATE_LIMITED -> status == 0 ? NEUTRAL : ANSWERED;
            // 408 is an answer of the server: this side was too slow.
            case TIMEOUT -> status == REQUEST_TIMEOUT ? ANSWERED : failure.phase() == Phase.QUEUE ? NEUTRAL : FAILURE;
            // Time used up before anything was sent was spent on this side: in the queue, for a token, by an operator.
            case DEADLINE_EXCEEDED -> failure.certainty() == Certainty.NOT_SENT ? NEUTRAL : FAILURE;
            case UNDECODABLE, RESPONSE_TOO_LARGE -> status >= 200 && status < 300 ? SUCCESS : byStatus(failure);
            default -> byStatus(failure);
        };
    }

    /**
     * Returns the verdict on a failure by its status. A 5xx that will not pass with time (501, or one that a vendor's
     * table leaves to the caller to fix) is a refusal.
     */
    private static Verdict byStatus(Failure failure) {
        int status = failure.status();
        if (status == 0) {
            return NEUTRAL;
        }
        return status >= SERVER_ERRORS && failure.retryability() == Retryability.TRANSIENT ? FAILURE : ANSWERED;
    }
}
