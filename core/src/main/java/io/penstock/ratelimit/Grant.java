package io.penstock.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * What may be sent, as follows from what is known of a quota.
 *
 * @param allowance how many requests may be in flight at once
 * @param spread how they are spread, or null where they may all go at once
 * @param suspect whether nothing may be sent only because requests have ended without an answer, which is a guess
 * @param suspectSince when the last of those ended
 */
record Grant(int allowance, @Nullable Spread spread, boolean suspect, long suspectSince) {

    /**
     * How many requests are spread over how long.
     *
     * @param units how many
     * @param nanos how long, from now
     * @param end the time after which nobody passes
     * @param slowestNanos the longest interval between two
     */
    record Spread(double units, long nanos, long end, long slowestNanos) {}

    /** Returns a grant of so many requests at once. */
    static Grant of(int allowance) {
        return new Grant(allowance, null, false, 0);
    }

    /** Returns a grant without any bound. */
    static Grant unlimited() {
        return of(Integer.MAX_VALUE);
    }

    /** Returns a grant of so many. */
    Grant withAllowance(int units) {
        return units == allowance ? this : new Grant(units, spread, suspect, suspectSince);
    }
}
