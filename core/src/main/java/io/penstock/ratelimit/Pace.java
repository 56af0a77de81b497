package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Spreads sends over a time, one after an interval, as the generic cell rate algorithm (GCRA) does: {@code nextAt} moves by
 * an interval with each send, and who comes earlier than that may go as long as it is not ahead of time by more than a
 * sixteenth of what is spread.
 *
 * <pre>
 *  nextAt      |--i--|--i--|--i--|--i--|
 *  burst       aaa   .     .     b     c
 * </pre>
 *
 * It may have an end, after which nobody passes.
 */
final class Pace {

    private static final int BURST_PART = 16;

    private final AtomicLong nextAt = new AtomicLong();
    /** 0: as many as like at once. */
    private volatile long intervalNanos;

    private volatile long toleranceNanos;
    private volatile long endsAt;

    /**
     * So many in so long, beginning now.
     *
     * @param end the time after which nobody passes
     */
    void spread(double units, long nanos, long now, long end) {
        long interval = units * Integer.MAX_VALUE <= nanos ? Integer.MAX_VALUE : (long) (nanos / units);
        long known = intervalNanos;
        // What was ahead of time stays ahead by as many sends.
        nextAt.updateAndGet(
                next -> known == 0 || next - now <= 0 ? now : now + (long) ((double) (next - now) / known * interval));
        toleranceNanos = nanos / BURST_PART;
        endsAt = end;
        intervalNanos = Math.max(1, interval);
    }

    void off() {
        intervalNanos = 0;
    }

    boolean tryPass(long now) {
        long interval = intervalNanos;
        if (interval == 0) {
            return true;
        }
        if (now - endsAt >= 0) {
            return false;
        }
        long next = nextAt.get();
        while (next - now <= toleranceNanos) {
            if (nextAt.compareAndSet(next, (next - now > 0 ? next : now) + interval)) {
                return true;
            }
            next = nextAt.get();
        }
        return false;
    }

    /** The send did not happen. */
    void giveBack() {
        long interval = intervalNanos;
        if (interval != 0) {
            nextAt.addAndGet(-interval);
        }
    }

    /** How long a caller has to wait who has so many others before it; {@link Window#NEVER} after the end. */
    long waitNanos(long now, int ahead) {
        long interval = intervalNanos;
        if (interval == 0) {
            return 0;
        }
        return now - endsAt >= 0 ? Window.NEVER : Math.max(0, nextAt.get() - now - toleranceNanos + ahead * interval);
    }
}
