package io.penstock.ratelimit;

/**
 * What others spend of the same quota, and which part of it that leaves to this client. A server tells only what is left; what
 * has gone beyond one's own requests, others have had.
 *
 * <p>Clients that share a quota without knowing of each other come to equal parts of it, because each claims its part to the
 * power of <em>two thirds</em>: who has had 1/1000 claims 1/100, and window by window the ratio of any two goes from 64 to 16
 * to 6 to 3. The claims add up to more than there is (to the cube root of n, of n equal clients); what is left then falls
 * faster, every client sees it fall, and each sends its claim of what is <em>left</em>, evenly over the time that is left: so
 * all of them together slow down before anything is refused. When at the speed of late nothing can be left any more, nobody
 * sends: the last of the quota would be asked for by everybody, and given to one.
 *
 * <p>Where others do not claim all that remains, what they are expected to leave is there to be had beside the claim.
 *
 * @param part this client's part of what was spent of late, from 0 to 1
 * @param ratePerNano how fast others spent in the window before
 * @param contested whether others spend of the quota
 * @param base what others had spent before this client's first request, which says nothing about its part
 * @param experienced whether a window has been seen to its end
 * @param mark what was left when the speed was last looked at, or -1
 * @param markedAt when that was
 * @param drainPerNano how fast the quota went down of late, whoever spent it
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

    /** What a window says about the parts is believed like so many requests of this one. */
    private static final double LEAST_PRIOR = 10;

    /** Others of which nothing is known but that they are there. */
    private static final double UNKNOWN_PART = 0.5;

    /** A part this large, in windows that follow each other, is all: whoever is alone is not paced. */
    private static final double ALONE = 0.999;

    /** How often in a window the speed is looked at anew. */
    private static final int MARKS = 32;

    private static final long NONE = -1;

    /** Returns the share of a client that has seen nobody else. */
    static FairShare alone() {
        return new FairShare(1, 0, false, 0, false, NONE, 0, 0);
    }

    /** Returns the share after the first word of a server, by which others had spent so many already. */
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

    /** Whether this is a client's first window, in which others have been seen: nobody knows yet how fast they spend. */
    boolean isNew() {
        return contested && !experienced;
    }

    /**
     * Returns the share after the end of a window.
     *
     * @param own how many requests of it were this client's
     * @param spent how many there were in all
     * @param nanos how long it was watched
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

    /** Returns at what rate others spend, from what was seen in this window and in the one before. */
    double ratePerNano(long own, long spent, long elapsed, long length) {
        double prior = Math.max(1, length / 8.0);
        return (others(own, spent) + ratePerNano * prior) / (Math.max(0, elapsed) + prior);
    }

    /**
     * Returns how many of those left this client may have.
     *
     * @param left how many the server has left
     * @param expected how many of them others are expected to spend until the window ends
     */
    double claim(long own, long spent, long left, double expected, long limit) {
        double prior = Math.max(LEAST_PRIOR, limit / 20.0);
        double now = (own + part * prior) / (own + others(own, spent) + prior);
        double root = Math.cbrt(now);
        return Math.max(root * root * left, left - expected);
    }

    /**
     * Returns the share after a look at the speed at which the quota goes down; the same where it is too early for one.
     *
     * @param left how many the server had left
     * @param heardAt when it said so
     * @param windowBegan when it had all of them
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

    /** Returns when nothing will be left if all go on as they did of late. */
    long goneAt(long left, long heardAt, long length) {
        return drainPerNano <= 0 ? heardAt + length : heardAt + (long) (left / drainPerNano);
    }
}
