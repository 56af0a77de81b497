package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;

/**
 * How many calls a client has under way at once, and how many may wait for their turn.
 *
 * @param maxConcurrent how many attempts are under way at once; no more than the pool has connections, so that nobody waits
 *     twice
 * @param maxWaiting how many may wait for quota or for a place; one more is refused at once
 * @param adaptive whether fewer than {@code maxConcurrent} are under way where the server answers more slowly the more there
 *     are
 * @param longestSilence how long a single answer may silence the client, whatever it says of its quota or of when to come
 *     back; then one call goes ahead and asks again
 */
public record GatePolicy(int maxConcurrent, int maxWaiting, boolean adaptive, Duration longestSilence) {

    private static final Duration USUAL_SILENCE = Duration.ofHours(1);

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public GatePolicy {
        if (maxConcurrent < 1 || maxWaiting < 0) {
            throw ApiException.invalidConfiguration("gate: maxConcurrent " + maxConcurrent + ", maxWaiting "
                    + maxWaiting + " (expected: >= 1 and >= 0)");
        }
        if (longestSilence.isNegative()
                || longestSilence.isZero()
                || longestSilence.compareTo(TimeNotation.LONGEST) > 0) {
            throw ApiException.invalidConfiguration("longestSilence: " + longestSilence
                    + " (expected: more than zero, at most " + TimeNotation.LONGEST.toDays() + " days)");
        }
    }

    /** A policy by which a single answer may silence the client for an hour. */
    public GatePolicy(int maxConcurrent, int maxWaiting, boolean adaptive) {
        this(maxConcurrent, maxWaiting, adaptive, USUAL_SILENCE);
    }

    /** 100 at once, as many as the standard pool has connections; 10 000 waiting; not adaptive; silent for an hour at most. */
    public static GatePolicy standard() {
        return new GatePolicy(100, 10_000, false);
    }

    /** The same policy with that many at once. */
    public GatePolicy withMaxConcurrent(int newMaxConcurrent) {
        return new GatePolicy(newMaxConcurrent, maxWaiting, adaptive, longestSilence);
    }

    /** The same policy with that many waiting. */
    public GatePolicy withMaxWaiting(int newMaxWaiting) {
        return new GatePolicy(maxConcurrent, newMaxWaiting, adaptive, longestSilence);
    }

    /**
     * The same policy, finding out by itself how many at once the server works on: it begins with 20, and lets more go while
     * answers take no longer than they usually do, fewer when they do (the algorithm published as Gradient2), never more than
     * {@code maxConcurrent}. For servers that neither publish nor report a quota and slow down under load.
     */
    public GatePolicy adapting() {
        return new GatePolicy(maxConcurrent, maxWaiting, true, longestSilence);
    }

    /**
     * Returns the same policy with another bound on how long a single answer may silence the client: a reset or a {@code
     * Retry-After} beyond it is noted in the journey, and asked about again with one call when that time is over.
     */
    public GatePolicy withLongestSilence(Duration newLongestSilence) {
        return new GatePolicy(maxConcurrent, maxWaiting, adaptive, newLongestSilence);
    }

    @Override
    public String toString() {
        return (adaptive ? "up to " : "") + maxConcurrent + " at once, " + maxWaiting + " waiting";
    }
}
