package io.penstock.ratelimit;

/**
 * The times of a window of a server.
 *
 * @param began when the window began, as far as it is known
 * @param resetAt when the window ends, as reported by the server
 * @param length a lower bound of the length of a window, or -1
 * @param moreAt when more may be left than is known, so that one request goes ahead
 * @param early whether the request that goes ahead does so before the reset
 */
record WindowTimes(long began, long resetAt, long length, long moreAt, boolean early) {

    private static final long UNKNOWN = -1;

    /** Returns the times of a window without reports. */
    static WindowTimes untold(long began, long now) {
        return new WindowTimes(began, now, UNKNOWN, now, false);
    }

    /**
     * Returns the times after a response. Resets are whole seconds: the latest one reported within a window is not too
     * early.
     *
     * @param told the reported reset
     * @param windowNanos the reported length, or -1
     * @param unsure whether the known reset was of another window, or a guess
     */
    WindowTimes heard(long told, long windowNanos, boolean unsure, long now) {
        boolean same = !unsure && Math.abs(told - resetAt) < FlowDetection.SAME_RESET_NANOS;
        long end = same ? Math.max(resetAt, told) : told;
        long longest = Math.max(length, Math.max(told - now, windowNanos));
        return end == resetAt && longest == length ? this : new WindowTimes(began, end, longest, moreAt, early);
    }

    /** Returns a copy with the given time at which more may be left. */
    WindowTimes withMoreAt(long time) {
        return time == moreAt ? this : new WindowTimes(began, resetAt, length, time, early);
    }

    /** Returns a copy with a reset that no response has reported, and with the given time at which more may be left. */
    WindowTimes presumed(long reset, long more) {
        return new WindowTimes(began, reset, length, more, early);
    }

    /**
     * Returns the times of the next window. A length beyond the bound may have been a mistake and has to be reported
     * again.
     */
    WindowTimes begun(long now, long boundNanos) {
        return new WindowTimes(now, resetAt, length > boundNanos ? UNKNOWN : length, moreAt, early);
    }

    /** Returns the times after a request has gone ahead, which has the given time to be answered. */
    WindowTimes turned(long now, long patienceNanos) {
        return new WindowTimes(began, resetAt, length, now + patienceNanos, now - resetAt < 0);
    }
}
