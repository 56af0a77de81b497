package io.penstock.ratelimit;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an API limits its clients, and how it tells them.
 *
 * @param headers the headers in which it reports a quota, or null if it reports none
 * @param limits the limits it publishes
 * @param perOperation whether each operation (method and path template) has a quota of its own
 * @param block for how long a client is refused that has exceeded a limit, where the server publishes that and does not
 *     say so itself; null where it does not
 */
public record QuotaModel(
        @Nullable HeaderFamily headers,
        List<DeclaredLimit> limits,
        boolean perOperation,
        @Nullable Duration block) {

    /** Copies the limits. */
    public QuotaModel {
        limits = List.copyOf(limits);
    }

    /** An API that publishes no limit and reports none. */
    public static QuotaModel unknown() {
        return new QuotaModel(null, List.of(), false, null);
    }

    /** An API that reports its quota in these headers, one for all operations. */
    public static QuotaModel reported(HeaderFamily headers) {
        return new QuotaModel(headers, List.of(), false, null);
    }

    /** An API that publishes these limits and reports none. */
    public static QuotaModel declared(DeclaredLimit... limits) {
        return new QuotaModel(null, List.of(limits), false, null);
    }

    /** The same, with these published limits. */
    public QuotaModel withLimits(DeclaredLimit... newLimits) {
        return new QuotaModel(headers, List.of(newLimits), perOperation, block);
    }

    /** The same, counted for each operation by itself. */
    public QuotaModel countedPerOperation() {
        return new QuotaModel(headers, limits, true, block);
    }

    /** The same, where a client that has exceeded a limit is refused for so long. */
    public QuotaModel blocking(Duration time) {
        return new QuotaModel(headers, limits, perOperation, time);
    }
}
