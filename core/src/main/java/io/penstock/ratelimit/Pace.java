package io.penstock.ratelimit;

import io.penstock.ratelimit.Grant.Spread;
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

    /** Spreads that many over that time, beginning now. */
    void spread(Spread over, long now) {
        long slowest = over.slowestNanos();
        long interval = over.units() * slowest <= over.nanos() ? slowest : (long) (over.nanos() / over.units());
        long known = intervalNanos;
        // What was ahead of time stays ahead by as many sends.
        nextAt.updateAndGet(
                next -> known == 0 || next - now <= 0 ? now : now + (long) ((double) (next - now) / known * interval));
        toleranceNanos = over.nanos() / BURST_PART;
        endsAt = over.end();
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
        if (now - endsAt >= 0) {
            return Window.NEVER;
        }
        long own = nextAt.get() - now - toleranceNanos;
        return ahead > (Window.NEVER - Math.max(0, own)) / interval
                ? Window.NEVER
                : Math.max(0, own + ahead * interval);
    }
}
