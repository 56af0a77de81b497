package io.penstock.retry;

import io.penstock.pipeline.TurnLine;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The retry budget of a policy that fails fast. Every call deposits a share and every retry takes one out. In an outage
 * the balance runs dry, and the server sees little more than one send per call. A client that makes few calls lives on
 * a floor: it starts with ten retries, and below ten it earns one more every second, so that an outage does not leave
 * it without any.
 *
 * <p>The cost is one compare-and-set per call. The unit is a thousandth of a retry.
 */
final class RetryBudget implements Budget {

    private static final long RETRY = 1000;
    private static final long FLOOR = 10 * RETRY;
    private static final long CEILING = 100 * RETRY;
    private static final long NANOS_PER_UNIT = 1_000_000_000L / RETRY;
    private static final long NEVER = Long.MIN_VALUE;

    private final long deposit;
    private final AtomicLong balance = new AtomicLong(FLOOR);
    private final AtomicLong refilledAtNanos = new AtomicLong(NEVER);

    RetryBudget(double share) {
        this.deposit = Math.round(Math.min(share, 1) * RETRY);
    }

    private boolean unlimited() {
        return deposit >= RETRY;
    }

    @Override
    public void deposit() {
        long now = balance.get();
        if (now < CEILING && deposit > 0) {
            balance.addAndGet(deposit); // may overshoot the ceiling by a call or two, which does no harm
        }
    }

    @Override
    public boolean available(long nowNanos) {
        if (unlimited()) {
            return true;
        }
        refill(nowNanos);
        return balance.get() >= RETRY;
    }

    /**
     * Refills the floor. Called only when a retry is wanted, so that successful calls do not pay for reading the clock.
     */
    private void refill(long nowNanos) {
        long since = refilledAtNanos.get();
        long earned = since == NEVER || deposit == 0 ? 0 : (nowNanos - since) / NANOS_PER_UNIT;
        if (since == NEVER) {
            refilledAtNanos.compareAndSet(NEVER, nowNanos);
        } else if (earned > 0 && refilledAtNanos.compareAndSet(since, since + earned * NANOS_PER_UNIT)) {
            balance.updateAndGet(b -> b >= FLOOR ? b : Math.min(FLOOR, b + earned));
        }
    }

    @Override
    public double balance(long nowNanos) {
        if (unlimited()) {
            return Double.POSITIVE_INFINITY;
        }
        refill(nowNanos);
        return Math.max(0, balance.get()) / (double) RETRY;
    }

    @Override
    public boolean withdraw() {
        if (unlimited()) {
            return true;
        }
        long before = balance.getAndUpdate(b -> b >= RETRY ? b - RETRY : b);
        return before >= RETRY;
    }

    @Override
    public void unused() {
        if (!unlimited()) {
            balance.addAndGet(RETRY);
        }
    }

    @Override
    public void succeeded(boolean retried) {
        // the whole share was deposited when the call started
    }

    @Override
    public void retryFailed() {
        // a retry costs the same whether it succeeds or fails
    }

    @Override
    public @Nullable TurnLine line() {
        return null;
    }
}
