package io.penstock.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * The requests that a quota permits as far as it is known.
 *
 * @param allowance the number of requests that may be in flight at once
 * @param spread how they are spread over time, or null if they may all go at once
 * @param suspect whether nothing may be sent only because requests have ended without a response, which is a guess
 * @param suspectSince the time at which the last of those ended
 */
record Grant(int allowance, @Nullable Spread spread, boolean suspect, long suspectSince) {

    /**
     * A number of requests spread over a time.
     *
     * @param units the number of requests
     * @param nanos the time, from now
     * @param end the time after which no request passes
     * @param slowestNanos the longest interval between two requests
     */
    record Spread(double units, long nanos, long end, long slowestNanos) {}

    /** Returns a grant of the given number of requests at once. */
    static Grant of(int allowance) {
        return new Grant(allowance, null, false, 0);
    }

    /** Returns a grant without any bound. */
    static Grant unlimited() {
        return of(Integer.MAX_VALUE);
    }

    /** Returns a copy with the given allowance. */
    Grant withAllowance(int units) {
        return units == allowance ? this : new Grant(units, spread, suspect, suspectSince);
    }
}
