package io.penstock.ratelimit;

import io.penstock.ApiException;

/**
 * How many calls a client has under way at once, and how many may wait for their turn.
 *
 * @param maxConcurrent how many attempts are under way at once; no more than the pool has connections, so that nobody waits
 *     twice
 * @param maxWaiting how many may wait for quota or for a place; one more is refused at once
 */
public record GatePolicy(int maxConcurrent, int maxWaiting) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public GatePolicy {
        if (maxConcurrent < 1 || maxWaiting < 0) {
            throw ApiException.invalidConfiguration("gate: maxConcurrent " + maxConcurrent + ", maxWaiting "
                    + maxWaiting + " (expected: >= 1 and >= 0)");
        }
    }

    /** 100 at once, as many as the standard pool has connections; 10 000 waiting. */
    public static GatePolicy standard() {
        return new GatePolicy(100, 10_000);
    }

    /** The same policy with that many at once. */
    public GatePolicy withMaxConcurrent(int newMaxConcurrent) {
        return new GatePolicy(newMaxConcurrent, maxWaiting);
    }

    /** The same policy with that many waiting. */
    public GatePolicy withMaxWaiting(int newMaxWaiting) {
        return new GatePolicy(maxConcurrent, newMaxWaiting);
    }

    @Override
    public String toString() {
        return maxConcurrent + " at once, " + maxWaiting + " waiting";
    }
}
