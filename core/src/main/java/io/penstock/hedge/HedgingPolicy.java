package io.penstock.hedge;

import io.penstock.error.ApiException;
import java.time.Duration;

/**
 * When to send a slow request a second time, in parallel, and take the answer that comes first.
 *
 * @param percentile how slow: the send is doubled once it takes longer than this share of the operation's last 256 answers
 *     did, above 0.5 and below 1
 * @param shortestDelay but never before that time has passed
 * @param quotaShare never while less than this share of a quota that the server reports is left, 0 to 1
 */
public record HedgingPolicy(double percentile, Duration shortestDelay, double quotaShare) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
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
     * After the 95th percentile, so that about one call in twenty is sent twice; never before 10 ms, below which a second
     * connection costs more than it gains; not while less than a fifth of the quota is left.
     */
    public static HedgingPolicy standard() {
        return new HedgingPolicy(0.95, Duration.ofMillis(10), 0.2);
    }

    /** The same policy after another percentile. */
    public HedgingPolicy withPercentile(double newPercentile) {
        return new HedgingPolicy(newPercentile, shortestDelay, quotaShare);
    }

    /** The same policy, waiting at least so long. */
    public HedgingPolicy withShortestDelay(Duration newShortestDelay) {
        return new HedgingPolicy(percentile, newShortestDelay, quotaShare);
    }

    @Override
    public String toString() {
        return "a second send after the " + Math.round(percentile * 100) + "th percentile, at least "
                + shortestDelay.toMillis() + " ms, with " + Math.round(quotaShare * 100) + " % of the quota left";
    }
}
