package io.penstock.retry;

import io.penstock.error.ApiException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * Exponential backoff with jitter: {@code first × multiplier^(n-1)}, spread evenly by ± jitter and never above the cap.
 *
 * @param first the backoff after the first attempt
 * @param multiplier the factor from one backoff to the next
 * @param max the cap, which jitter does not exceed
 * @param jitter the spread, 0 to 1
 */
public record Backoff(Duration first, double multiplier, Duration max, double jitter) {

    /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
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

    /** Returns a backoff of 1 s that doubles, ± 25 %, up to 30 s. */
    public static Backoff standard() {
        return new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.25);
    }

    /**
     * Returns the backoff after an attempt, in nanoseconds.
     *
     * @param attempt the number of the failed attempt, from 1
     * @param random a random number, evenly distributed between 0 and 1
     */
    public long nanosAfter(int attempt, double random) {
        double plain = Math.min(nanos(first) * Math.pow(multiplier, attempt - 1), nanos(max));
        return (long) Math.min(plain * (1 + jitter * (2 * random - 1)), nanos(max));
    }

    /**
     * Converts like {@link Duration#toNanos()}, which would throw for a duration that means "no cap" (beyond 292
     * years).
     */
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
