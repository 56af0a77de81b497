package io.penstock.circuit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a circuit.
 *
 * @param name the origin, and the operation if each has a circuit of its own
 * @param phase whether calls go through
 * @param calls the number of last calls that are counted now; while half-open, the number of trials
 * @param failed the number of these calls that failed
 * @param nextTrialAt when the next call is let through, by the wall clock; null while all calls are
 */
public record CircuitState(
        String name,
        Phase phase,
        int calls,
        int failed,
        @Nullable Instant nextTrialAt) {

    /** The phase of a circuit. */
    public enum Phase {
        /** All calls go through. */
        CLOSED,
        /** The server fails a part of the calls. As many go through as it serves, and a few more. */
        PACED,
        /** No call goes through until the next trial. */
        OPEN,
        /** A few calls go through, to find out whether the server is back. */
        HALF_OPEN
    }

    /** Returns the share of failed calls, from 0 to 1; 0 if no call is counted. */
    public double failureRate() {
        return calls == 0 ? 0 : (double) failed / calls;
    }
}
