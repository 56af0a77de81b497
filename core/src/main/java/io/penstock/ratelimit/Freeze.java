package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pause after a refusal, and its gradual end: once it is over one call goes, and in each step of {@value #STEP_NANOS} ns
 * twice as many in all as in the one before.
 *
 * <pre>
 *  refused       |------ frozen ------|
 *  calls go                           1   1   2   4   8   …   as many as want to
 * </pre>
 *
 * It ends by time alone, because what is under way may never be answered.
 */
final class Freeze {

    static final long STEP_NANOS = 100_000_000L;

    private static final int STEPS = 12;

    private final AtomicLong until;
    private final AtomicInteger gone = new AtomicInteger();
    private volatile boolean isGuess;

    Freeze(long now) {
        this.until = new AtomicLong(now - STEPS * STEP_NANOS);
    }

    /**
     * Nobody goes before that time. Of several that a server has asked for, the longest holds.
     *
     * @param asked whether the server has asked for it; otherwise it holds until the server does
     */
    void until(long time, boolean asked) {
        boolean guessed = isGuess;
        isGuess = !asked;
        until.accumulateAndGet(time, (known, next) -> next - known > 0 || (guessed && asked) ? next : known);
        gone.set(0);
    }

    /** Whether one more may go. */
    boolean allows(long now) {
        long over = now - until.get();
        return over >= STEPS * STEP_NANOS || (over >= 0 && gone.get() < 1 << (over / STEP_NANOS));
    }

    /** One has gone. */
    void passed(long now) {
        if (now - until.get() < STEPS * STEP_NANOS) {
            gone.incrementAndGet();
        }
    }

    /** How long until the first may go; 0 if it may already. */
    long waitNanos(long now) {
        return Math.max(0, until.get() - now);
    }
}
