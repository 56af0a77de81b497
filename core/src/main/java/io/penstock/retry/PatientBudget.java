package io.penstock.retry;

import io.penstock.pipeline.TurnLine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A retry budget that retries can wait for. Every call deposits half of its share when it starts and the other half
 * when it succeeds. A successful retry is refunded in proportion to the success rate of recent retries: in full from
 * 70 % on, not at all at 20 % or less.
 *
 * <p>Independently of deposits, a client may spend ten retries and one more per second. The larger of the two balances
 * counts, not their sum, so that the retries of a busy client stay within the share. A retry is taken out of both
 * balances, and either may go into debt, within bounds.
 *
 * <p>The unit is a thousandth of a retry. A deposit is one atomic addition, and only a read once the ceiling is
 * reached; a withdrawal takes this object's monitor.
 */
final class PatientBudget implements Budget, TurnLine.Meter {

    private static final long RETRY = 1000;
    private static final long FLOOR = 10 * RETRY;
    private static final long CEILING = 100 * RETRY;
    /**
     * How far the floor may go into debt while deposits pay for retries. It is bounded because there are no deposits
     * while all callers wait for a retry.
     */
    private static final long DEBT = 6 * RETRY;

    private static final long NANOS_PER_UNIT = TimeUnit.SECONDS.toNanos(1) / RETRY;
    /** The weight of recent retries in the success rate: an exponential average over this many. */
    private static final double SMOOTHED = 16;
    /** The success rate at or below which nothing is refunded. From 0.5 above it, retries are refunded in full. */
    private static final double USELESS = 0.2;

    private final boolean unlimited;
    private final long half;
    private final TurnLine line;
    private final AtomicLong paid = new AtomicLong();
    private long floor = FLOOR;
    private long filledAtNanos;
    private boolean filled;
    /** The success rate of recent retries. It starts at 1, so that the first retries are worth trying. */
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
            paid.addAndGet(units); // may overshoot the ceiling by a call or two, which does no harm
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
    public double balance(long nowNanos) {
        if (unlimited) {
            return Double.POSITIVE_INFINITY;
        }
        synchronized (this) {
            fill(nowNanos);
            return Math.max(0, Math.max(paid.get(), floor)) / (double) RETRY;
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
    public void unused() {
        if (!unlimited) {
            giveBack(RETRY);
        }
    }

    @Override
    public void succeeded(boolean retried) {
        if (retried && !unlimited) {
            giveBack(retrySucceeded());
        }
        pay(half);
    }

    /** Records the success of a retry and returns the refund, which grows with the success rate of recent retries. */
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
        return half == 0 ? null : line; // with a share of zero nothing is ever deposited, so waiting cannot help
    }
}
