package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;

/**
 * The bounds on a client's concurrency and on its waiting calls.
 *
 * @param maxConcurrent the maximum number of attempts under way at once; no more than the pool has connections, so that
 *     no call waits twice
 * @param maxWaiting the maximum number of calls that wait for quota or for a place; one more is refused at once
 * @param adaptive whether fewer than {@code maxConcurrent} attempts are under way if the server answers more slowly the
 *     more there are
 * @param longestSilence the longest time for which a single response may silence the client, whatever it reports about
 *     its quota or about when to come back; then one call goes ahead and asks again
 * @param learning whether calls are paced at a rate learned from refusals, if neither headers nor documents tell a limit
 */
public record GatePolicy(
        int maxConcurrent, int maxWaiting, boolean adaptive, Duration longestSilence, boolean learning) {

    private static final Duration USUAL_SILENCE = Duration.ofHours(1);

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public GatePolicy {
        if (maxConcurrent < 1) {
            throw ApiException.invalidConfiguration("gate: maxConcurrent " + maxConcurrent + " (expected: >= 1)");
        }
        if (maxWaiting < 0) {
            throw ApiException.invalidConfiguration("gate: maxWaiting " + maxWaiting + " (expected: >= 0)");
        }
        if (longestSilence.isNegative()
                || longestSilence.isZero()
                || longestSilence.compareTo(TimeNotation.LONGEST) > 0) {
            throw ApiException.invalidConfiguration("longestSilence: " + longestSilence
                    + " (expected: more than zero, at most " + TimeNotation.LONGEST.toDays() + " days)");
        }
    }

    /** Creates a policy that learns rates, by which a single response may silence the client for at most an hour. */
    public GatePolicy(int maxConcurrent, int maxWaiting, boolean adaptive) {
        this(maxConcurrent, maxWaiting, adaptive, USUAL_SILENCE, true);
    }

    /**
     * Returns the standard policy: 100 attempts at once, as many as the standard pool has connections; 10 000 waiting
     * calls; not adaptive; silent for at most an hour; learning.
     */
    public static GatePolicy standard() {
        return new GatePolicy(100, 10_000, false);
    }

    /** Returns a copy with the given maximum number of attempts under way. */
    public GatePolicy withMaxConcurrent(int newMaxConcurrent) {
        return new GatePolicy(newMaxConcurrent, maxWaiting, adaptive, longestSilence, learning);
    }

    /** Returns a copy with the given maximum number of waiting calls. */
    public GatePolicy withMaxWaiting(int newMaxWaiting) {
        return new GatePolicy(maxConcurrent, newMaxWaiting, adaptive, longestSilence, learning);
    }

    /**
     * Returns a copy that finds out how many requests the server works on at once. It begins with 20, admits more while
     * responses take no longer than usual, and fewer when they do (the algorithm published as Gradient2), never more
     * than {@code maxConcurrent}. For servers that neither publish nor report a quota and slow down under load.
     */
    public GatePolicy adapting() {
        return new GatePolicy(maxConcurrent, maxWaiting, true, longestSilence, learning);
    }

    /**
     * Returns a copy with the given bound on how long a single response may silence the client. A longer reset or
     * {@code Retry-After} is noted in the journey; after the bound, one call goes ahead and asks again.
     */
    public GatePolicy withLongestSilence(Duration newLongestSilence) {
        return new GatePolicy(maxConcurrent, maxWaiting, adaptive, newLongestSilence, learning);
    }

    /**
     * Returns a copy that does not learn a rate from refusals. A server that neither publishes nor reports its limit is then
     * paused for a second after each refusal, and gets calls as fast as they come afterwards.
     */
    public GatePolicy withoutLearning() {
        return new GatePolicy(maxConcurrent, maxWaiting, adaptive, longestSilence, false);
    }

    @Override
    public String toString() {
        return (adaptive ? "up to " : "") + maxConcurrent + " at once, " + maxWaiting + " waiting";
    }
}
