package io.penstock.ratelimit;

/**
 * An estimate of what other clients spend of the same quota, and of the part that is left to this client. A server
 * reports only what is left; whatever has gone beyond this client's own requests, others have spent.
 *
 * <p>Clients that share a quota without knowing of each other converge to equal parts, because each claims its part to
 * the power of <em>two thirds</em>: a client with a part of 1/1000 claims 1/100, and from window to window the ratio of
 * two clients goes from 64 to 16 to 6 to 3. The claims add up to more than the quota (to the cube root of n times the
 * quota, for n equal clients). The rest therefore falls faster than each client expects. Every client sees it fall, and
 * spreads its claim of what is <em>left</em> evenly over the remaining time, so all of them slow down together before
 * any request is refused. Once nothing will be left at the recent rate, no client sends: otherwise all would ask for
 * the last units and only one would get them.
 *
 * <p>If the others do not claim all that remains, the rest that they are expected to leave can be used in addition to
 * the claim.
 *
 * @param part this client's part of the recent spending, from 0 to 1
 * @param ratePerNano the rate at which others spent in the previous window
 * @param contested whether others spend of the quota
 * @param base the units that others had spent before this client's first request, which reveal nothing about its part
 * @param experienced whether a window has been observed to its end
 * @param mark the units left when the rate was last measured, or -1
 * @param markedAt the time of that measurement
 * @param drainPerNano the recent rate at which all clients together spend the quota
 */
record FairShare(
        double part,
        double ratePerNano,
        boolean contested,
        long base,
        boolean experienced,
        long mark,
        long markedAt,
        double drainPerNano) {

    /** The least weight of the previous part against one window, in requests. */
    private static final double LEAST_PRIOR = 10;

    /** The assumed part of a client that only knows that others exist. */
    private static final double UNKNOWN_PART = 0.5;

    /** The mean part from which on a client counts as alone and is not paced. */
    private static final double ALONE = 0.999;

    /** How often the rate is measured in a window. */
    private static final int MARKS = 32;

    private static final long NONE = -1;

    /** Returns the share of a client that has seen no others. */
    static FairShare alone() {
        return new FairShare(1, 0, false, 0, false, NONE, 0, 0);
    }

    /** Returns the share after the server's first report, which shows how many units others had already spent. */
    FairShare firstHeard(long spentByOthers) {
        if (experienced || base != 0 || spentByOthers == 0) {
            return this;
        }
        boolean others = spentByOthers > 0;
        return new FairShare(
                others ? UNKNOWN_PART : 1,
                ratePerNano,
                others,
                spentByOthers,
                experienced,
                mark,
                markedAt,
                drainPerNano);
    }

    /**
     * Returns whether this is the client's first window and others have been seen, so that their rate is not known yet.
     */
    boolean isNew() {
        return contested && !experienced;
    }

    /**
     * Returns the share after the end of a window.
     *
     * @param own the number of requests that were this client's
     * @param spent the number of all requests
     * @param nanos the time for which the window was observed
     */
    FairShare windowOver(long own, long spent, long nanos) {
        long others = others(own, spent);
        if (own + others <= 0) {
            return new FairShare(part, ratePerNano, contested, 0, true, mark, markedAt, drainPerNano);
        }
        double seen = (double) own / (own + others);
        double mean = others > 0 && !contested ? seen : (part + seen) / 2;
        boolean shared = others > 0 || mean < ALONE;
        return new FairShare(
                shared ? mean : 1,
                nanos > 0 ? (double) others / nanos : 0,
                shared,
                0,
                true,
                mark,
                markedAt,
                drainPerNano);
    }

    private long others(long own, long spent) {
        return Math.max(0, spent - own - base);
    }

    /** Returns the rate at which others spend, from this window and the previous one. */
    double ratePerNano(long own, long spent, long elapsed, long length) {
        double prior = Math.max(1, length / 8.0);
        return (others(own, spent) + ratePerNano * prior) / (Math.max(0, elapsed) + prior);
    }

    /**
     * Returns how many of the units left this client may have.
     *
     * @param left the units that the server has left
     * @param expected the units that others are expected to spend until the window ends
     */
    double claim(long own, long spent, long left, double expected, long limit) {
        double prior = Math.max(LEAST_PRIOR, limit / 20.0);
        double now = (own + part * prior) / (own + others(own, spent) + prior);
        double root = Math.cbrt(now);
        return Math.max(root * root * left, left - expected);
    }

    /**
     * Returns the share after a measurement of the rate at which the quota goes down, or the same share if it is too
     * early for one.
     *
     * @param left the units that the server had left
     * @param heardAt the time of that report
     * @param windowBegan the time at which all units were there
     */
    FairShare watched(long left, long heardAt, long windowBegan, long limit, long length) {
        boolean anew = mark == NONE || markedAt - windowBegan < 0;
        long before = anew ? limit : mark;
        long since = anew ? windowBegan : markedAt;
        if (heardAt - since >= length / MARKS) {
            double drain = (double) Math.max(0, before - left) / (heardAt - since);
            return new FairShare(part, ratePerNano, contested, base, experienced, left, heardAt, drain);
        }
        return anew ? new FairShare(part, ratePerNano, contested, base, experienced, before, since, 0) : this;
    }

    /** Returns when nothing will be left at the recent rate. */
    long goneAt(long left, long heardAt, long length) {
        return drainPerNano <= 0 ? heardAt + length : heardAt + (long) (left / drainPerNano);
    }
}
