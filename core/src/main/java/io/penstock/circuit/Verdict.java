package io.penstock.circuit;

import io.penstock.error.Certainty;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;

/** What the end of an attempt says about the server's health. */
enum Verdict {
    /** It works. */
    SUCCESS,
    /** It does not. */
    FAILURE,
    /**
     * It answered, with a refusal: a 404 or 429 says nothing about how well it does, but that it is alive. Of no weight
     * while the circuit is closed, where many refusals would hide a server that fails. On trial it counts as a success:
     * otherwise a client whose calls are all refused would stay on trial for ever.
     */
    ANSWERED,
    /** Nothing: the attempt ended for a reason on this side. */
    NEUTRAL;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERRORS = 500;

    /** The verdict on an attempt that failed. A pure function. */
    static Verdict on(Failure failure) {
        int status = failure.status();
        return switch (failure.kind()) {
            case CONNECT, CONNECTION_LOST, PROTOCOL_VIOLATION -> FAILURE;
            // A handshake that is too slow may do better next time; a wrong certificate is for people to mend.
            case TLS -> failure.retryability() == Retryability.TRANSIENT ? FAILURE : NEUTRAL;
            // A server that refuses the ones it cannot take is well, whatever the status in which it says so.
            case RATE_LIMITED -> status == 0 ? NEUTRAL : ANSWERED;
            // 408 is the server's answer: this side was too slow.
            case TIMEOUT -> status == REQUEST_TIMEOUT ? ANSWERED : failure.phase() == Phase.QUEUE ? NEUTRAL : FAILURE;
            // Time used up before anything was sent was spent here: in the queue, for a token, by an operator.
            case DEADLINE_EXCEEDED -> failure.certainty() == Certainty.NOT_SENT ? NEUTRAL : FAILURE;
            case UNDECODABLE, RESPONSE_TOO_LARGE -> status >= 200 && status < 300 ? SUCCESS : byStatus(failure);
            default -> byStatus(failure);
        };
    }

    /** A 5xx that will not pass with time (501, or what a vendor's table calls the caller's to mend) is a refusal. */
    private static Verdict byStatus(Failure failure) {
        int status = failure.status();
        if (status == 0) {
            return NEUTRAL;
        }
        return status >= SERVER_ERRORS && failure.retryability() == Retryability.TRANSIENT ? FAILURE : ANSWERED;
    }
}
