package io.penstock.ratelimit;

/**
 * The counts of one window of a server.
 *
 * <p>Within a window a server's count only goes down, in the order in which it takes requests; responses arrive in any
 * order. So the <em>least</em> that any response has left is the newest report, and every answered request is included
 * in it: a request that was taken later would have left less. A larger count replaces it only if the request of that
 * report was sent after the least had been received, and so was certainly taken later.
 *
 * @param limit the number of requests that a window allows, or {@link #UNKNOWN}
 * @param least the least number that is known to be left, or {@link #UNKNOWN} before the first report
 * @param leastTold the least number that a response has reported; a refusal may have other reasons than the use by
 *     others
 * @param leastHeardAt when the least was received
 * @param unreported the units of requests that ended without a report and are not included in {@code least}
 * @param lastUnreportedAt when the last of them ended
 * @param answered the units of requests that have been answered in this window
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
     * Returns the count of a window without reports.
     *
     * @param unreported the number of requests that may have been sent already
     */
    static WindowCount untold(int unreported, long now) {
        return new WindowCount(UNKNOWN, UNKNOWN, UNKNOWN, 0, unreported, now, 0);
    }

    /** Returns whether it is known how many requests are left. */
    boolean isTold() {
        return least != UNKNOWN;
    }

    /** Returns whether a request of the given time was certainly taken later than the newest report. */
    boolean isNewer(long startedNanos) {
        return least == UNKNOWN || startedNanos - leastHeardAt > 0;
    }

    /** Returns the newest report minus the requests that ended without one. */
    long left() {
        return least - unreported;
    }

    /** Returns the units of this client's requests in the window, answered or not. */
    long own() {
        return answered + unreported;
    }

    /** Returns the number of requests of all clients in the window. */
    long spent() {
        return limit - least;
    }

    /** Returns a copy with the given limit. A report without one changes nothing. */
    WindowCount withLimit(long newLimit) {
        return newLimit < 0 || newLimit == limit
                ? this
                : new WindowCount(newLimit, least, leastTold, leastHeardAt, unreported, lastUnreportedAt, answered);
    }

    /** Returns the count after a response that reports the remaining units, to a request that cost the given number. */
    WindowCount heard(long remaining, long startedNanos, long now, int units) {
        if (!isNewer(startedNanos) && remaining >= least) {
            return new WindowCount(
                    limit, least, leastTold, leastHeardAt, unreported, lastUnreportedAt, answered + units);
        }
        // Requests that ended before this one was sent are included in its report.
        int open = startedNanos - lastUnreportedAt > 0 ? 0 : unreported;
        return new WindowCount(limit, remaining, remaining, now, open, lastUnreportedAt, answered + units);
    }

    /** Returns the count after a request of the given units that ended without a report. */
    WindowCount unanswered(long now, int units) {
        return new WindowCount(limit, least, leastTold, leastHeardAt, unreported + units, now, answered);
    }

    /** Returns the count with an assumed number of requests left, which no response has reported. */
    WindowCount presumed(long left, long at) {
        return new WindowCount(limit, left, leastTold, at, unreported, lastUnreportedAt, answered);
    }

    /** Returns the count of the next window. */
    WindowCount begun() {
        return new WindowCount(limit, UNKNOWN, UNKNOWN, leastHeardAt, 0, lastUnreportedAt, 0);
    }
}
