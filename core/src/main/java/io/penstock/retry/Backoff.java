package io.penstock.retry;

import io.penstock.error.ApiException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * Exponential waits with jitter: {@code first × multiplier^(n-1)}, spread evenly by ± jitter, and never above the cap.
 *
 * @param first the wait after the first attempt
 * @param multiplier by how much each wait is longer than the one before
 * @param max the cap, which no jitter exceeds
 * @param jitter the spread, 0 to 1
 */
public record Backoff(Duration first, double multiplier, Duration max, double jitter) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public Backoff {
        if (first.isNegative() || max.compareTo(first) < 0) {
            throw ApiException.invalidConfiguration(
                    "backoff: first " + first + ", max " + max + " (expected: 0 <= first <= max)");
        }
        if (!(multiplier >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw ApiException.invalidConfiguration("backoff: multiplier " + multiplier + ", jitter " + jitter
                    + " (expected: multiplier >= 1, jitter 0 to 1)");
        }
    }

    /** 1 s, doubling, ± 25 %, at most 30 s. */
    public static Backoff standard() {
        return new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.25);
    }

    /**
     * The wait after an attempt.
     *
     * @param attempt the attempt that failed, from 1
     * @param random evenly between 0 and 1
     */
    public long nanosAfter(int attempt, double random) {
        double plain = Math.min(nanos(first) * Math.pow(multiplier, attempt - 1), nanos(max));
        return (long) Math.min(plain * (1 + jitter * (2 * random - 1)), nanos(max));
    }

    /** As {@link Duration#toNanos()}, which throws where a duration stands for "no cap" (beyond 292 years). */
    private static double nanos(Duration d) {
        return d.getSeconds() * 1e9 + d.getNano();
    }

    @Override
    public String toString() {
        String factor = BigDecimal.valueOf(multiplier).stripTrailingZeros().toPlainString();
        return seconds(first) + " ×" + factor + " ±" + Math.round(jitter * 100) + " %, at most " + seconds(max);
    }

    private static String seconds(Duration d) {
        return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
    }
}
