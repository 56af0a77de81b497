package io.penstock.ratelimit;

/**
 * Tells a quota that flows back all the time (a token bucket, a sliding window) from one that comes back whole. Its reset tells
 * when it will be full, which is too late to wait for; where that has been seen, it is asked again after a hundredth of it.
 *
 * @param firstResetAt the reset as the first word of the window told it
 * @param flows whether a quota has been seen to flow back
 * @param mistaken whether asking early was refused: such a quota is waited for
 */
record FlowDetection(long firstResetAt, boolean flows, boolean mistaken) {

    /** Resets are mostly told in whole seconds: two that differ by less are the same. */
    static final long SAME_RESET_NANOS = 1_500_000_000L;

    /** Returns the detection of a quota of which nothing is known. */
    static FlowDetection unseen() {
        return new FlowDetection(0, false, false);
    }

    /** Returns the detection after the first word of a window. */
    FlowDetection firstHeard(long resetAt) {
        return firstResetAt == resetAt ? this : new FlowDetection(resetAt, flows, mistaken);
    }

    /**
     * Returns the detection after a later word of the same window. Something has come back before the reset; or using some has
     * moved the reset, which then tells when all is back. In the next window more is left, and the reset is another.
     *
     * @param remaining what the word leaves
     * @param told the reset that it tells
     * @param count what was known before
     * @param resetAt the reset that was known before
     */
    FlowDetection heardAgain(long remaining, long told, WindowCount count, long resetAt, long now) {
        if (remaining > count.least() + count.limit() / 2) {
            return firstHeard(told);
        }
        boolean moved = told - firstResetAt >= 2 * SAME_RESET_NANOS;
        boolean before = now - resetAt < -SAME_RESET_NANOS;
        boolean seen = moved ? remaining < count.least() : before && remaining >= count.least();
        return flows || !seen ? this : new FlowDetection(firstResetAt, true, mistaken);
    }

    /** Returns the detection after a refusal of a request that asked early. */
    FlowDetection refusedEarly() {
        return mistaken ? this : new FlowDetection(firstResetAt, flows, true);
    }

    /** Returns when more may be there than is known: at the reset, or a hundredth of the quota from now. */
    long moreAt(WindowCount count, long resetAt, long now) {
        long missing = count.limit() - count.least();
        long untilFull = resetAt - now;
        return !flows || mistaken || missing <= 0 || untilFull <= 0
                ? resetAt
                : now + untilFull / missing * Math.min(missing, Math.max(1, count.limit() / 100));
    }
}
