package io.penstock.polling;

import io.penstock.error.ApiException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How often a long operation is looked at. A wait runs from the end of one poll to the beginning of the next, so that a
 * server never sees two polls closer together than {@code minInterval}, however long they were on their way. The one
 * exception is a poll whose credential was refused (401) and could be renewed: it is repeated at once, one time.
 *
 * <pre>
 *  minInterval 30 s, ×1.5, at most 2 min
 *  |poll|---- 30 s ----|poll|------ 45 s ------|poll|--------- 67.5 s ---------|poll| … 101 s … 120 s … 120 s
 *  |poll|-- Retry-After: 90 --------------------------------|poll|   a hint lengthens a wait, and never shortens one
 * </pre>
 *
 * @param minInterval the shortest wait
 * @param factor by how much each wait is longer than the one before
 * @param maxInterval where growing ends; hints and expected ends are obeyed beyond it
 * @param jitter by up to which share a wait is lengthened at random, 0 to 1, so that many who wait do not ask in step
 * @param expectedShare which part of the time until the expected end is waited at once, 0 to 1
 * @param maxFailures how many polls in a row may fail in a passing way
 */
public record PollPolicy(
        Duration minInterval,
        double factor,
        Duration maxInterval,
        double jitter,
        double expectedShare,
        int maxFailures) {

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public PollPolicy {
        if (minInterval.isNegative() || minInterval.isZero() || maxInterval.compareTo(minInterval) < 0) {
            throw ApiException.invalidConfiguration("polling: minInterval " + minInterval + ", maxInterval "
                    + maxInterval + " (expected: 0 < minInterval <= maxInterval)");
        }
        if (maxInterval.compareTo(LONGEST) > 0) {
            throw ApiException.invalidConfiguration(
                    "polling: maxInterval " + maxInterval + " (expected: at most " + LONGEST.toDays() + " days)");
        }
        if (!(factor >= 1 && factor <= 10) || !(jitter >= 0 && jitter <= 1)) {
            throw ApiException.invalidConfiguration(
                    "polling: factor " + factor + ", jitter " + jitter + " (expected: factor 1 to 10, jitter 0 to 1)");
        }
        if (!(expectedShare >= 0 && expectedShare <= 1) || maxFailures < 0) {
            throw ApiException.invalidConfiguration("polling: expectedShare " + expectedShare + ", maxFailures "
                    + maxFailures + " (expected: expectedShare 0 to 1, maxFailures zero or more)");
        }
    }

    /**
     * Waits of at least that long, growing by half up to four times it, longer by up to 10 %; not before the expected end;
     * 10 failures in a row.
     */
    public static PollPolicy every(Duration minInterval) {
        Duration sane = minInterval.compareTo(LONGEST.dividedBy(4)) > 0 ? minInterval : minInterval.multipliedBy(4);
        return new PollPolicy(minInterval, 1.5, sane, 0.1, 1, 10);
    }

    /** {@link #every} 5 s: what RFC 8628 §3.2 has where a server names no interval. */
    public static PollPolicy standard() {
        return every(Duration.ofSeconds(5));
    }

    /** The same, growing by that factor up to that wait. */
    public PollPolicy growing(double newFactor, Duration newMaxInterval) {
        return new PollPolicy(minInterval, newFactor, newMaxInterval, jitter, expectedShare, maxFailures);
    }

    /** The same with waits that are all as long as the shortest, but for jitter, hints and expected ends. */
    public PollPolicy steady() {
        return growing(1, minInterval);
    }

    /** The same, lengthened at random by up to that share. */
    public PollPolicy withJitter(double newJitter) {
        return new PollPolicy(minInterval, factor, maxInterval, newJitter, expectedShare, maxFailures);
    }

    /** The same, waiting that part of the time until the expected end at once; 0 does not mind it. */
    public PollPolicy withExpectedShare(double newShare) {
        return new PollPolicy(minInterval, factor, maxInterval, jitter, newShare, maxFailures);
    }

    /** The same, ending after more failures in a row than that. */
    public PollPolicy withMaxFailures(int newMaxFailures) {
        return new PollPolicy(minInterval, factor, maxInterval, jitter, expectedShare, newMaxFailures);
    }

    /**
     * The wait after a poll, without hints: never less than {@code minInterval}, never more than {@code maxInterval} and
     * its jitter.
     *
     * @param polls how many there were, from 1
     * @param random evenly between 0 and 1
     */
    public long intervalNanos(int polls, double random) {
        double grown = (double) minInterval.toNanos() * Math.pow(factor, polls - 1.0);
        double capped = Math.min(grown, (double) maxInterval.toNanos());
        return Math.max(minInterval.toNanos(), (long) (capped * (1 + jitter * random)));
    }

    /**
     * The wait after a poll. Where the time that is left does not suffice for it, first what is only expected gives way, then
     * the growing; the minimum and the server's hint never do, so that a result that is not less than the time left means: no
     * further poll.
     *
     * @param polls how many there were, from 1
     * @param random evenly between 0 and 1
     * @param hintNanos how long the server asks to wait, 0 where it does not
     * @param expectedInNanos how long it is until the expected end, 0 or less where none is known
     * @param leftNanos what is left of the time limit
     */
    public long waitNanos(int polls, double random, long hintNanos, long expectedInNanos, long leftNanos) {
        long shortest = Math.max(minInterval.toNanos(), hintNanos);
        long grown = Math.max(shortest, intervalNanos(polls, random));
        long expected = Math.max(grown, (long) (expectedInNanos * expectedShare));
        if (expected < leftNanos) {
            return expected;
        }
        return grown < leftNanos ? grown : shortest;
    }

    /** For people: {@code every 30 s ×1.5, at most 120 s, +10 %}. */
    @Override
    public String toString() {
        String grows = BigDecimal.valueOf(factor).stripTrailingZeros().toPlainString();
        return "every " + seconds(minInterval) + (factor == 1 ? "" : " ×" + grows + ", at most " + seconds(maxInterval))
                + (jitter == 0 ? "" : ", +" + Math.round(jitter * 100) + " %");
    }

    private static String seconds(Duration d) {
        return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
    }
}
