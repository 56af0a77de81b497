package io.penstock.ratelimit;

import io.penstock.ratelimit.Grant.Spread;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A pacer that spreads sends evenly over a time, like the generic cell rate algorithm (GCRA). Each send moves
 * {@code nextAt} by an interval for each of its units. An earlier send may pass as long as it is ahead of time by no more than a sixteenth of
 * the spread time.
 *
 * <pre>
 *  nextAt      |--i--|--i--|--i--|--i--|
 *  burst       aaa   .     .     b     c
 * </pre>
 *
 * A pace may have an end, after which no send passes.
 */
final class Pace {

    private static final int BURST_PART = 16;

    private final AtomicLong nextAt = new AtomicLong();
    /** The interval between two sends; 0 if the pace is off and any number may go at once. */
    private volatile long intervalNanos;

    private volatile long toleranceNanos;
    private volatile long endsAt;

    /** Starts to spread the given units over the given time, beginning now. */
    void spread(Spread over, long now) {
        long slowest = over.slowestNanos();
        long interval = over.units() * slowest <= over.nanos() ? slowest : (long) (over.nanos() / over.units());
        long known = intervalNanos;
        // Sends that were ahead of time stay ahead by the same number of sends.
        nextAt.updateAndGet(
                next -> known == 0 || next - now <= 0 ? now : now + (long) ((double) (next - now) / known * interval));
        toleranceNanos = over.nanos() / BURST_PART;
        endsAt = over.end();
        intervalNanos = Math.max(1, interval);
    }

    void off() {
        intervalNanos = 0;
    }

    boolean tryPass(long now, int units) {
        long interval = intervalNanos;
        if (interval == 0) {
            return true;
        }
        if (now - endsAt >= 0) {
            return false;
        }
        long next = nextAt.get();
        while (next - now <= toleranceNanos) {
            if (nextAt.compareAndSet(next, (next - now > 0 ? next : now) + interval * units)) {
                return true;
            }
            next = nextAt.get();
        }
        return false;
    }

    /** Reverts a pass for a send that did not happen. */
    void giveBack(int units) {
        long interval = intervalNanos;
        if (interval != 0) {
            nextAt.addAndGet(-interval * units);
        }
    }

    /**
     * Returns how long a caller with the given number of others before it has to wait; {@link Window#NEVER} after the
     * end.
     */
    long waitNanos(long now, int ahead) {
        long interval = intervalNanos;
        if (interval == 0) {
            return 0;
        }
        if (now - endsAt >= 0) {
            return Window.NEVER;
        }
        long own = nextAt.get() - now - toleranceNanos;
        return ahead > (Window.NEVER - Math.max(0, own)) / interval
                ? Window.NEVER
                : Math.max(0, own + ahead * interval);
    }
}
