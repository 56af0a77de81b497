package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Duration;
import java.util.List;

/**
 * The rate limits and the consequences of exceeding one. The page "api-rate-limits" exists in three versions.
 *
 * @param limits the limits; each of them counts every request
 * @param block time for which an address is refused after it has exceeded a limit; zero to refuse only for the rest of
 *     the window. It is undocumented that further requests do not prolong it
 * @param body body of the 429; undocumented
 * @param retryAfter whether the 429 has a {@code Retry-After} in seconds; undocumented
 */
public record IxonLimits(List<IxonLimit> limits, Duration block, UndocumentedBody body, boolean retryAfter) {

    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Copies the list and checks the values. */
    public IxonLimits {
        limits = List.copyOf(limits);
        Expected.that(!block.isNegative(), "block", block, ">= 0");
    }

    /**
     * Returns the newest version: 50 requests/s over 5 s and 40 requests/s over 2 minutes per address, and a block of
     * 10 minutes.
     */
    public static IxonLimits newest() {
        return of(Duration.ofMinutes(10), IxonLimit.perSecond(50, SHORT), IxonLimit.perSecond(40, LONG));
    }

    /**
     * Returns the middle version: 80 requests/s over 5 s and 40 requests/s over 2 minutes per address. It mentions no
     * block.
     */
    public static IxonLimits middle() {
        return of(Duration.ZERO, IxonLimit.perSecond(80, SHORT), IxonLimit.perSecond(40, LONG));
    }

    /** Returns the oldest version: 30 requests/s per address and 100,000 a day per company. It mentions no block. */
    public static IxonLimits oldest() {
        return of(
                Duration.ZERO,
                IxonLimit.perSecond(30, Duration.ofSeconds(1)),
                new IxonLimit(100_000, Duration.ofDays(1), true));
    }

    /** Returns no limits, for tests of other behavior that send many requests. */
    public static IxonLimits none() {
        return of(Duration.ZERO);
    }

    /** Returns a copy with other {@link #limits()}. */
    public IxonLimits withLimits(IxonLimit... limits) {
        return new IxonLimits(List.of(limits), block, body, retryAfter);
    }

    /** Returns a copy with another {@link #block()}. */
    public IxonLimits withBlock(Duration block) {
        return RecordCopy.with(this, "block", block);
    }

    /** Returns a copy with another {@link #body()}. */
    public IxonLimits withBody(UndocumentedBody body) {
        return RecordCopy.with(this, "body", body);
    }

    /** Returns a copy with another {@link #retryAfter()}. */
    public IxonLimits withRetryAfter(boolean retryAfter) {
        return RecordCopy.with(this, "retryAfter", retryAfter);
    }

    private static IxonLimits of(Duration block, IxonLimit... limits) {
        return new IxonLimits(List.of(limits), block, UndocumentedBody.ENVELOPE, false);
    }
}
