package io.penstock.ratelimit;

/**
 * When a window of a server's began, and when more is to be had.
 *
 * @param began when it began, as far as is known
 * @param resetAt when it ends, as the server says
 * @param length how long a window is, at least, or -1
 * @param moreAt when more may be there than is known: then one request goes ahead
 * @param early whether the one that goes ahead does so before the reset
 */
record WindowTimes(long began, long resetAt, long length, long moreAt, boolean early) {

    private static final long UNKNOWN = -1;

    /** Returns the times of a window of which nothing has been heard. */
    static WindowTimes untold(long began, long now) {
        return new WindowTimes(began, now, UNKNOWN, now, false);
    }

    /**
     * Returns the times after an answer. Whole seconds: of what is told within a window the latest is not before the truth.
     *
     * @param told the reset that it tells
     * @param windowNanos the length that it tells, or -1
     * @param unsure whether the reset that was known was of another window, or a guess
     */
    WindowTimes heard(long told, long windowNanos, boolean unsure, long now) {
        boolean same = !unsure && Math.abs(told - resetAt) < FlowDetection.SAME_RESET_NANOS;
        long end = same ? Math.max(resetAt, told) : told;
        long longest = Math.max(length, Math.max(told - now, windowNanos));
        return end == resetAt && longest == length ? this : new WindowTimes(began, end, longest, moreAt, early);
    }

    /** Returns the times with more to be had then. */
    WindowTimes withMoreAt(long time) {
        return time == moreAt ? this : new WindowTimes(began, resetAt, length, time, early);
    }

    /** Returns the times with a reset that no answer has told, and more to be had then. */
    WindowTimes presumed(long reset, long more) {
        return new WindowTimes(began, reset, length, more, early);
    }

    /** Returns the times of the next window. A length beyond the bound may have been a mistake, and has to be told again. */
    WindowTimes begun(long now, long boundNanos) {
        return new WindowTimes(now, resetAt, length > boundNanos ? UNKNOWN : length, moreAt, early);
    }

    /** Returns the times after one has gone ahead, which has until then to be answered. */
    WindowTimes turned(long now, long patienceNanos) {
        return new WindowTimes(began, resetAt, length, now + patienceNanos, now - resetAt < 0);
    }
}
