package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An estimate of how many requests a server works on at once: the algorithm published as Gradient2. If a request takes
 * longer than in the long run, others are queued before it at the server, and the limit goes down in proportion.
 * Otherwise the limit goes up by a few.
 *
 * <pre>
 *  gradient = 1.5 × long-term time ÷ time now, between 0.5 and 1
 *  limit    = 0.8 × limit + 0.2 × (limit × gradient + 4)
 * </pre>
 *
 * The time now is the mean over at least half a second and at least ten responses. The long-term time is an exponential
 * mean over 600 of those means. It falls faster while it is more than twice the time now, so that a slow spell is not
 * learned as normal. While less than half of the limit is used, nothing can be learned about it, and it stays.
 *
 * <p>One thread at a time computes. A sample that meets another is left out, because a single sample hardly matters.
 */
final class Gradient {

    private static final double TOLERANCE = 1.5;
    private static final double SMOOTHING = 0.2;
    private static final double QUEUE = 4;
    private static final int LONG_TERM = 600;
    private static final int WARM_UP = 10;
    private static final int INITIAL = 20;
    private static final long SPAN_NANOS = 500_000_000L;
    private static final int SPAN_SAMPLES = 10;

    private final int most;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile double limit;
    private double longTerm;
    private int spans;
    private long spanBegan;
    private double sum;
    private int samples;
    private int mostUsed;

    Gradient(int most) {
        this.most = most;
        this.limit = Math.min(INITIAL, most);
    }

    int limit() {
        return (int) limit;
    }

    /**
     * Adds a sample and returns whether the limit may have changed. A request that was not served counts only if it
     * took longer than the long-term time.
     */
    boolean observed(long nanos, boolean served, int used, long now) {
        if (!busy.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (served || nanos > longTerm) {
                spanBegan = samples == 0 ? now : spanBegan;
                sum += nanos;
                samples++;
                mostUsed = Math.max(mostUsed, used);
            }
            boolean over = samples >= SPAN_SAMPLES && now - spanBegan >= SPAN_NANOS;
            if (over) {
                adjust(sum / samples, mostUsed);
                sum = 0;
                samples = 0;
                mostUsed = 0;
            }
            return over;
        } finally {
            busy.set(false);
        }
    }

    private void adjust(double shortTerm, int used) {
        spans++;
        double weight = spans <= WARM_UP ? 1.0 / spans : 2.0 / (LONG_TERM + 1);
        longTerm += weight * (shortTerm - longTerm);
        if (longTerm > 2 * shortTerm) {
            longTerm *= 0.95;
        }
        if (used < limit / 2) {
            return;
        }
        double gradient = shortTerm > 0 ? Math.max(0.5, Math.min(1.0, TOLERANCE * longTerm / shortTerm)) : 1;
        double proposed = (1 - SMOOTHING) * limit + SMOOTHING * (limit * gradient + QUEUE);
        limit = Math.max(1, Math.min(most, proposed));
    }
}
