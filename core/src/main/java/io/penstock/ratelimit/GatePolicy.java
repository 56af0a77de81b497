package io.penstock.ratelimit;

import io.penstock.ApiException;

/**
 * How many calls a client has under way at once, and how many may wait for their turn.
 *
 * @param maxConcurrent how many attempts are under way at once; no more than the pool has connections, so that nobody waits
 *     twice
 * @param maxWaiting how many may wait for quota or for a place; one more is refused at once
 * @param adaptive whether fewer than {@code maxConcurrent} are under way where the server answers more slowly the more there
 *     are
 */
public record GatePolicy(int maxConcurrent, int maxWaiting, boolean adaptive) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public GatePolicy {
        if (maxConcurrent < 1 || maxWaiting < 0) {
            throw ApiException.invalidConfiguration("gate: maxConcurrent " + maxConcurrent + ", maxWaiting "
                    + maxWaiting + " (expected: >= 1 and >= 0)");
        }
    }

    /** 100 at once, as many as the standard pool has connections; 10 000 waiting; not adaptive. */
    public static GatePolicy standard() {
        return new GatePolicy(100, 10_000, false);
    }

    /** The same policy with that many at once. */
    public GatePolicy withMaxConcurrent(int newMaxConcurrent) {
        return new GatePolicy(newMaxConcurrent, maxWaiting, adaptive);
    }

    /** The same policy with that many waiting. */
    public GatePolicy withMaxWaiting(int newMaxWaiting) {
        return new GatePolicy(maxConcurrent, newMaxWaiting, adaptive);
    }

    /**
     * The same policy, finding out by itself how many at once the server works on: it begins with 20, and lets more go while
     * answers take no longer than they usually do, fewer when they do (the algorithm published as Gradient2), never more than
     * {@code maxConcurrent}. For servers that neither publish nor report a quota and slow down under load.
     */
    public GatePolicy adapting() {
        return new GatePolicy(maxConcurrent, maxWaiting, true);
    }

    @Override
    public String toString() {
        return (adaptive ? "up to " : "") + maxConcurrent + " at once, " + maxWaiting + " waiting";
    }
}
