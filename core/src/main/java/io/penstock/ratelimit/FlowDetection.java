package io.penstock.ratelimit;

/**
 * A detector of quotas that refill continuously (a token bucket, a sliding window) instead of being restored as a
 * whole. The reset of the former is the time at which it will be full, which is too late to wait for. Once it has been
 * recognized, the client asks again after a hundredth of the quota.
 *
 * @param firstResetAt the reset in the first report of the window
 * @param flows whether the quota has been seen to refill continuously
 * @param mistaken whether an early request was refused; such a quota is waited for
 */
record FlowDetection(long firstResetAt, boolean flows, boolean mistaken) {

    /** Servers mostly report resets in whole seconds. Two that differ by less than this are the same. */
    static final long SAME_RESET_NANOS = 1_500_000_000L;

    /** Returns the detection of a quota without reports. */
    static FlowDetection unseen() {
        return new FlowDetection(0, false, false);
    }

    /** Returns the detection after the first report of a window. */
    FlowDetection firstHeard(long resetAt) {
        return firstResetAt == resetAt ? this : new FlowDetection(resetAt, flows, mistaken);
    }

    /**
     * Returns the detection after a later report of the same window. The quota refills continuously if units came back
     * before the reset, or if using some moved the reset, which then is the time at which all are back. If many more
     * are left, the report belongs to the next window, and the reset is another.
     *
     * @param remaining the units that are left according to the report
     * @param told the reset in the report
     * @param count the count before the report
     * @param resetAt the reset before the report
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

    /** Returns the detection after the refusal of an early request. */
    FlowDetection refusedEarly() {
        return mistaken ? this : new FlowDetection(firstResetAt, flows, true);
    }

    /**
     * Returns when more units may be there than are known: at the reset, or after a hundredth of the quota has come
     * back.
     */
    long moreAt(WindowCount count, long resetAt, long now) {
        long missing = count.limit() - count.least();
        long untilFull = resetAt - now;
        return !flows || mistaken || missing <= 0 || untilFull <= 0
                ? resetAt
                : now + untilFull / missing * Math.min(missing, Math.max(1, count.limit() / 100));
    }
}
