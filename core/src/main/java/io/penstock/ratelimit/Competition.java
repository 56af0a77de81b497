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
 * <p>Belongs to whoever holds the lock of the window.
 */
final class Competition {

    /** What a window says about the parts is believed like so many requests of this one. */
    private static final double LEAST_PRIOR = 10;

    /** Others of which nothing is known but that they are there. */
    private static final double UNKNOWN_PART = 0.5;

    /** A part this large, in windows that follow each other, is all: whoever is alone is not paced. */
    private static final double ALONE = 0.999;

    /** How often in a window the speed is looked at anew. */
    private static final int MARKS = 32;

    private static final long NONE = -1;

    private double part = 1;
    private double ratePerNano;
    private boolean contested;
    private long base;
    private boolean experienced;
    private long mark = NONE;
    private long markedAt;
    private double drainPerNano;

    /** Others had spent so many before this client's first request: that says nothing about its part. */
    void firstHeard(long spentByOthers) {
        if (!experienced && base == 0) {
            base = spentByOthers;
            contested = spentByOthers > 0;
            part = contested ? UNKNOWN_PART : 1;
        }
    }

    /** Whether this is a client's first window, in which others have been seen: nobody knows yet how fast they spend. */
    boolean isNew() {
        return contested && !experienced;
    }

    /**
     * A window is over.
     *
     * @param own how many requests of it were this client's
     * @param spent how many there were in all
     * @param nanos how long it was watched
     */
    void windowOver(long own, long spent, long nanos) {
        long others = others(own, spent);
        if (own + others > 0) {
            double seen = (double) own / (own + others);
            part = others > 0 && !contested ? seen : (part + seen) / 2;
            contested = others > 0 || part < ALONE;
            part = contested ? part : 1;
            ratePerNano = nanos > 0 ? (double) others / nanos : 0;
        }
        experienced = true;
        base = 0;
    }

    private long others(long own, long spent) {
        return Math.max(0, spent - own - base);
    }

    /** Whether others spend of the quota. */
    boolean isContested() {
        return contested;
    }

    /** At what rate others spend, from what was seen in this window and in the one before. */
    double ratePerNano(long own, long spent, long elapsed, long length) {
        double prior = Math.max(1, length / 8.0);
        return (others(own, spent) + ratePerNano * prior) / (Math.max(0, elapsed) + prior);
    }

    /**
     * How many of those left this client may have.
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
     * When nothing will be left if all go on as they did of late.
     *
     * @param left how many the server had left
     * @param heardAt when it said so
     * @param windowBegan when it had all of them
     */
    long goneAt(long left, long heardAt, long windowBegan, long limit, long length) {
        if (mark == NONE || markedAt - windowBegan < 0) {
            mark = limit;
            markedAt = windowBegan;
            drainPerNano = 0;
        }
        if (heardAt - markedAt >= length / MARKS) {
            drainPerNano = (double) Math.max(0, mark - left) / (heardAt - markedAt);
            mark = left;
            markedAt = heardAt;
        }
        return drainPerNano <= 0 ? heardAt + length : heardAt + (long) (left / drainPerNano);
    }
}
