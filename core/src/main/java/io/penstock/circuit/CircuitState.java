package io.penstock.circuit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a circuit stands now.
 *
 * @param name the origin, and the operation where each has a circuit of its own
 * @param phase whether calls go through
 * @param calls how many calls are counted at the moment, of the last ones; of the trials while half-open
 * @param failed how many of these failed
 * @param nextTrialAt when the next call is let through, by the wall clock; null while all are
 */
public record CircuitState(
        String name,
        Phase phase,
        int calls,
        int failed,
        @Nullable Instant nextTrialAt) {

    /** Whether calls go through. */
    public enum Phase {
        /** All calls go through. */
        CLOSED,
        /** The server fails a part of them: so many go through as it serves, and a few more. */
        PACED,
        /** None does, until the next trial. */
        OPEN,
        /** A few do, to find out whether the server is back. */
        HALF_OPEN
    }

    /** The share of failed calls, 0 to 1; 0 where none is counted. */
    public double failureRate() {
        return calls == 0 ? 0 : (double) failed / calls;
    }
}
