package io.penstock.retry;

import io.penstock.pipeline.TurnLine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a client may spend on retries that wait for it. Every call pays half of its share in when it begins, the other half
 * when it succeeds. A retry that succeeds is paid back, as far as retries do succeed: wholly where most of the last ones
 * have, not at all where one in five has.
 *
 * <p>Whatever has been paid in, a client may spend ten retries and one more for each second: the larger of the two counts, not
 * the sum, so that the retries of a busy client stay within the share. A retry is taken out of both, and either may run into
 * debt, within bounds.
 *
 * <p>The unit is a thousandth of a retry. Paying in takes a compare-and-set while there is room for it, and nothing after
 * that; taking out takes this object's monitor.
 */
final class PatientBudget implements Budget, TurnLine.Meter {

    private static final long RETRY = 1000;
    private static final long FLOOR = 10 * RETRY;
    private static final long CEILING = 100 * RETRY;
    /** So far the floor goes down with what was paid in: where all callers wait for a retry, nobody pays in any more. */
    private static final long DEBT = 6 * RETRY;

    private static final long NANOS_PER_UNIT = TimeUnit.SECONDS.toNanos(1) / RETRY;
    /** The last so many retries say whether retries are of use. */
    private static final double SMOOTHED = 16;
    /** With that share of successes, and below it, nothing is paid back; from half a share more on, everything. */
    private static final double USELESS = 0.2;

    private final boolean unlimited;
    private final long half;
    private final TurnLine line;
    private final AtomicLong paid = new AtomicLong();
    private long floor = FLOOR;
    private long filledAtNanos;
    private boolean filled;
    /** The share of successes of the last retries; as long as there was none, retries are worth trying. */
    private double useful = 1;

    PatientBudget(double share, int maxWaiting) {
        this.unlimited = share >= 1;
        this.half = Math.round(Math.min(share, 1) * RETRY / 2);
        this.line = new TurnLine(this, maxWaiting);
    }

    @Override
    public void deposit() {
        pay(half);
    }

    private void pay(long units) {
        if (units > 0 && paid.get() < CEILING) {
            paid.addAndGet(units); // may overshoot the ceiling by a call or two: no harm
            line.drainIfOccupied();
        }
    }

    @Override
    public boolean available(long nowNanos) {
        if (unlimited) {
            return true;
        }
        synchronized (this) {
            fill(nowNanos);
            return !line.isOccupied() && isThere();
        }
    }

    private boolean isThere() {
        return paid.get() >= RETRY || floor >= RETRY;
    }

    private void fill(long nowNanos) {
        if (!filled) {
            filled = true;
            filledAtNanos = nowNanos;
        }
        long earned = half == 0 ? 0 : (nowNanos - filledAtNanos) / NANOS_PER_UNIT;
        if (earned > 0) {
            filledAtNanos += earned * NANOS_PER_UNIT;
            floor = Math.min(FLOOR, floor + earned);
        }
    }

    @Override
    public boolean withdraw() {
        return unlimited || (!line.isOccupied() && takeOut());
    }

    private synchronized boolean takeOut() {
        if (!isThere()) {
            return false;
        }
        paid.updateAndGet(units -> Math.max(-FLOOR, units - RETRY));
        floor = Math.max(-DEBT, floor - RETRY);
        return true;
    }

    @Override
    public void succeeded(boolean retried) {
        if (retried && !unlimited) {
            giveBack(retrySucceeded());
        }
        pay(half);
    }

    /** Returns how much of it is paid back: the more of the last retries have succeeded, the more. */
    private synchronized long retrySucceeded() {
        useful += (1 - useful) / SMOOTHED;
        return Math.round(RETRY * Math.max(0, Math.min(1, 2 * (useful - USELESS))));
    }

    @Override
    public synchronized void retryFailed() {
        useful -= useful / SMOOTHED;
    }

    private void giveBack(long units) {
        synchronized (this) {
            floor = Math.min(FLOOR, floor + units);
        }
        pay(units);
    }

    @Override
    public long take(TurnLine.Turn turn, long now) {
        synchronized (this) {
            fill(now);
            if (takeOut()) {
                return 0;
            }
            return Math.max(1, filledAtNanos + (RETRY - floor) * NANOS_PER_UNIT - now);
        }
    }

    @Override
    public void unused(TurnLine.Turn turn) {
        giveBack(RETRY);
    }

    @Override
    public @Nullable TurnLine line() {
        return half == 0 ? null : line; // where nothing is ever paid in, no wait helps
    }
}
