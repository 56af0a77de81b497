package io.penstock.ratelimit;

/**
 * What has been counted in one window of a server's.
 *
 * <p>Within a window a server's count only goes down, in the order in which it takes requests; answers arrive in any order. So
 * the <em>least</em> that any answer has left is the newest word, and every answered request is counted in it: one that was
 * taken later would have left less. It gives way to a larger one only where the request of that was sent after the least
 * had been heard, and so was certainly taken later.
 *
 * @param limit how many requests a window allows, or {@link #UNKNOWN}
 * @param least the least that is known to be left, or {@link #UNKNOWN} before the first word
 * @param leastTold the same as an answer has told it: a refusal may have other reasons than that others had the rest
 * @param leastHeardAt when that was
 * @param unreported how many requests have ended without a word, and are not in {@code least}
 * @param lastUnreportedAt when the last of them ended
 * @param answered how many requests have been answered in this window
 */
record WindowCount(
        long limit,
        long least,
        long leastTold,
        long leastHeardAt,
        int unreported,
        long lastUnreportedAt,
        long answered) {

    static final long UNKNOWN = -1;

    /**
     * Returns the count of a window of which nothing has been heard.
     *
     * @param unreported how many requests may have been sent already
     */
    static WindowCount untold(int unreported, long now) {
        return new WindowCount(UNKNOWN, UNKNOWN, UNKNOWN, 0, unreported, now, 0);
    }

    /** Whether a server has said what is left. */
    boolean isTold() {
        return least != UNKNOWN;
    }

    /** Whether a request of that time was certainly taken later than the newest word. */
    boolean isNewer(long startedNanos) {
        return least == UNKNOWN || startedNanos - leastHeardAt > 0;
    }

    /** What is left of the newest word when all that ended without one are taken off. */
    long left() {
        return least - unreported;
    }

    /** This client's requests of the window, answered or not. */
    long own() {
        return answered + unreported;
    }

    /** How many requests have gone, whoever sent them. */
    long spent() {
        return limit - least;
    }

    /** Returns the count with that limit; a report without one changes nothing. */
    WindowCount withLimit(long newLimit) {
        return newLimit < 0 || newLimit == limit
                ? this
                : new WindowCount(newLimit, least, leastTold, leastHeardAt, unreported, lastUnreportedAt, answered);
    }

    /** Returns the count after an answer that tells what is left. */
    WindowCount heard(long remaining, long startedNanos, long now) {
        if (!isNewer(startedNanos) && remaining >= least) {
            return new WindowCount(limit, least, leastTold, leastHeardAt, unreported, lastUnreportedAt, answered + 1);
        }
        // What ended before this request was sent is counted in what it left.
        int open = startedNanos - lastUnreportedAt > 0 ? 0 : unreported;
        return new WindowCount(limit, remaining, remaining, now, open, lastUnreportedAt, answered + 1);
    }

    /** Returns the count after a request that ended without a word. */
    WindowCount unanswered(long now) {
        return new WindowCount(limit, least, leastTold, leastHeardAt, unreported + 1, now, answered);
    }

    /** Returns the count where that many are taken to be left, though no answer says so. */
    WindowCount presumed(long left, long at) {
        return new WindowCount(limit, left, leastTold, at, unreported, lastUnreportedAt, answered);
    }

    /** Returns the count of the next window. */
    WindowCount begun() {
        return new WindowCount(limit, UNKNOWN, UNKNOWN, leastHeardAt, 0, lastUnreportedAt, 0);
    }
}
