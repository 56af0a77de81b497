package io.penstock.polling;

import io.penstock.error.ApiException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * The intervals between the polls of a long operation. A wait runs from the end of one poll to the start of the next,
 * so a server never sees two polls closer together than the shortest wait, however long they take. The only exception
 * is a poll whose credential was refused (401) and could be renewed: it is repeated at once, one time.
 *
 * <pre>
 *  minInterval 30 s, ×1.5, at most 2 min
 *  |poll|---- 30 s ----|poll|------ 45 s ------|poll|--------- 67.5 s ---------|poll| … 101 s … 120 s … 120 s
 *  |poll|-- Retry-After: 90 --------------------------------|poll|   a hint lengthens a wait, and never shortens one
 * </pre>
 *
 * @param interval the waits between polls
 * @param expectedShare the share of the time until the expected end to wait before the next poll, 0 to 1
 * @param maxFailures how many consecutive polls may fail with a transient failure
 */
public record PollPolicy(Interval interval, double expectedShare, int maxFailures) {

    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * The waits between polls.
     *
     * @param min the shortest wait
     * @param factor the factor from one wait to the next
     * @param max the cap on growing waits; hints and expected ends may exceed it
     * @param jitter the maximum share by which a wait is lengthened at random, 0 to 1, so that many clients do not poll
     *     in step
     */
    public record Interval(Duration min, double factor, Duration max, double jitter) {

        /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Interval {
            if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
                throw ApiException.invalidConfiguration("polling: minInterval " + min + ", maxInterval " + max
                        + " (expected: 0 < minInterval <= maxInterval)");
            }
            if (max.compareTo(LONGEST) > 0) {
                throw ApiException.invalidConfiguration(
                        "polling: maxInterval " + max + " (expected: at most " + LONGEST.toDays() + " days)");
            }
            if (!(factor >= 1 && factor <= 10) || !(jitter >= 0 && jitter <= 1)) {
                throw ApiException.invalidConfiguration("polling: factor " + factor + ", jitter " + jitter
                        + " (expected: factor 1 to 10, jitter 0 to 1)");
            }
        }
    }

    /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public PollPolicy {
        if (!(expectedShare >= 0 && expectedShare <= 1) || maxFailures < 0) {
            throw ApiException.invalidConfiguration("polling: expectedShare " + expectedShare + ", maxFailures "
                    + maxFailures + " (expected: expectedShare 0 to 1, maxFailures zero or more)");
        }
    }

    /**
     * Returns a policy with waits of at least this interval, which grow by half up to four times the interval, with up
     * to 10 % jitter. It does not poll before the expected end and allows 10 consecutive failures.
     */
    public static PollPolicy every(Duration minInterval) {
        Duration sane = minInterval.compareTo(LONGEST.dividedBy(4)) > 0 ? minInterval : minInterval.multipliedBy(4);
        return new PollPolicy(new Interval(minInterval, 1.5, sane, 0.1), 1, 10);
    }

    /** Returns {@link #every} 5 s, the default interval of RFC 8628 §3.2. */
    public static PollPolicy standard() {
        return every(Duration.ofSeconds(5));
    }

    private PollPolicy with(Interval newInterval) {
        return new PollPolicy(newInterval, expectedShare, maxFailures);
    }

    /** Returns a copy whose waits grow by this factor up to this wait. */
    public PollPolicy growing(double newFactor, Duration newMaxInterval) {
        return with(new Interval(interval.min, newFactor, newMaxInterval, interval.jitter));
    }

    /** Returns a copy whose waits do not grow; jitter, hints and expected ends still lengthen them. */
    public PollPolicy steady() {
        return growing(1, interval.min);
    }

    /** Returns a copy with this jitter. */
    public PollPolicy withJitter(double newJitter) {
        return with(new Interval(interval.min, interval.factor, interval.max, newJitter));
    }

    /** Returns a copy that waits for this share of the time until the expected end; 0 ignores the expected end. */
    public PollPolicy withExpectedShare(double newShare) {
        return new PollPolicy(interval, newShare, maxFailures);
    }

    /** Returns a copy that allows this many consecutive failures. */
    public PollPolicy withMaxFailures(int newMaxFailures) {
        return new PollPolicy(interval, expectedShare, newMaxFailures);
    }

    /**
     * Returns the wait after a poll in nanoseconds, without hints: at least {@code min}, and at most
     * {@code max} plus its jitter.
     *
     * @param polls the number of polls so far, from 1
     * @param random a random number, evenly distributed between 0 and 1
     */
    public long intervalNanos(int polls, double random) {
        double grown = (double) interval.min.toNanos() * Math.pow(interval.factor, polls - 1.0);
        double capped = Math.min(grown, (double) interval.max.toNanos());
        return Math.max(interval.min.toNanos(), (long) (capped * (1 + interval.jitter * random)));
    }

    /**
     * Returns the wait after a poll in nanoseconds. If the remaining time is too short for it, the expected end is
     * ignored first, then the growth. The minimum interval and the server's hint always apply, so a result that is not
     * less than the remaining time means that there is no further poll.
     *
     * @param polls the number of polls so far, from 1
     * @param random a random number, evenly distributed between 0 and 1
     * @param hintNanos the server's wait hint, or 0
     * @param expectedInNanos the time until the expected end; 0 or less if unknown
     * @param leftNanos the time left until the time limit
     */
    public long waitNanos(int polls, double random, long hintNanos, long expectedInNanos, long leftNanos) {
        long shortest = Math.max(interval.min.toNanos(), hintNanos);
        long grown = Math.max(shortest, intervalNanos(polls, random));
        long expected = Math.max(grown, (long) (expectedInNanos * expectedShare));
        if (expected < leftNanos) {
            return expected;
        }
        return grown < leftNanos ? grown : shortest;
    }

    /** Returns a description for people: {@code every 30 s ×1.5, at most 120 s, +10 %}. */
    @Override
    public String toString() {
        String grows = BigDecimal.valueOf(interval.factor).stripTrailingZeros().toPlainString();
        return "every " + seconds(interval.min)
                + (interval.factor == 1 ? "" : " ×" + grows + ", at most " + seconds(interval.max))
                + (interval.jitter == 0 ? "" : ", +" + Math.round(interval.jitter * 100) + " %");
    }

    private static String seconds(Duration d) {
        return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
    }
}
