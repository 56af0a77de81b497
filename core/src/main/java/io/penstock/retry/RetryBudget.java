package io.penstock.retry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a client may spend on retries: every call pays in a share, every retry takes one out. In an outage the balance
 * runs dry, and the server sees little more than one send per call. A client that has made few calls starts with a floor.
 *
 * <p>One compare-and-set per call; the unit is a thousandth of a retry.
 */
final class RetryBudget {

    private static final long RETRY = 1000;
    private static final long FLOOR = 10 * RETRY;
    private static final long CEILING = 100 * RETRY;

    private final long deposit;
    private final AtomicLong balance = new AtomicLong(FLOOR);

    RetryBudget(double share) {
        this.deposit = Math.round(Math.min(share, 1) * RETRY);
    }

    private boolean unlimited() {
        return deposit >= RETRY;
    }

    /** A call begins. */
    void deposit() {
        long now = balance.get();
        if (now < CEILING && deposit > 0) {
            balance.addAndGet(deposit); // may overshoot the ceiling by a call or two: no harm
        }
    }

    /** Whether a retry can be paid for. */
    boolean available() {
        return unlimited() || balance.get() >= RETRY;
    }

    /** Takes a retry out; false if there is none. */
    boolean withdraw() {
        if (unlimited()) {
            return true;
        }
        long before = balance.getAndUpdate(b -> b >= RETRY ? b - RETRY : b);
        return before >= RETRY;
    }
}
