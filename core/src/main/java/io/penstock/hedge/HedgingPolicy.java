package io.penstock.hedge;

import io.penstock.error.ApiException;
import java.time.Duration;

/**
 * The conditions for sending a slow request a second time in parallel and taking the first response.
 *
 * @param percentile the share of the operation's last 256 response times that a request must exceed before it is sent
 *     again, above 0.5 and below 1
 * @param shortestDelay the minimum delay before the second send
 * @param quotaShare the share of a reported quota below which there is no second send, 0 to 1
 */
public record HedgingPolicy(double percentile, Duration shortestDelay, double quotaShare) {

    /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public HedgingPolicy {
        if (!(percentile > 0.5 && percentile < 1)) {
            throw ApiException.invalidConfiguration(
                    "percentile: " + percentile + " (expected: above 0.5, below 1, such as 0.95)");
        }
        if (shortestDelay.isNegative() || shortestDelay.isZero()) {
            throw ApiException.invalidConfiguration("shortestDelay: " + shortestDelay + " (expected: more than zero)");
        }
        if (!(quotaShare >= 0 && quotaShare <= 1)) {
            throw ApiException.invalidConfiguration("quotaShare: " + quotaShare + " (expected: 0 to 1)");
        }
    }

    /**
     * Returns a policy that hedges after the 95th percentile, so that about one call in twenty is sent twice. It waits
     * at least 10 ms, below which a second connection costs more than it gains, and requires a fifth of the quota to be
     * left.
     */
    public static HedgingPolicy standard() {
        return new HedgingPolicy(0.95, Duration.ofMillis(10), 0.2);
    }

    /** Returns a copy with this percentile. */
    public HedgingPolicy withPercentile(double newPercentile) {
        return new HedgingPolicy(newPercentile, shortestDelay, quotaShare);
    }

    /** Returns a copy with this minimum delay. */
    public HedgingPolicy withShortestDelay(Duration newShortestDelay) {
        return new HedgingPolicy(percentile, newShortestDelay, quotaShare);
    }

    @Override
    public String toString() {
        return "a second send after the " + Math.round(percentile * 100) + "th percentile, at least "
                + shortestDelay.toMillis() + " ms, with " + Math.round(quotaShare * 100) + " % of the quota left";
    }
}
