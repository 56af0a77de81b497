package io.penstock.ratelimit;

import io.penstock.error.ApiException;
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
 * @param partitionHeaders the headers that name what an answer counts for, where an API has several quotas; the first that an
 *     answer has
 */
public record QuotaModel(
        @Nullable HeaderFamily headers,
        List<DeclaredLimit> limits,
        boolean perOperation,
        @Nullable Duration block,
        List<String> partitionHeaders) {

    private static final List<String> USUAL_PARTITION_HEADERS = List.of("x-ratelimit-resource", "x-ratelimit-bucket");

    /** Copies the lists and checks the names: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public QuotaModel {
        limits = List.copyOf(limits);
        partitionHeaders = List.copyOf(partitionHeaders);
        if (partitionHeaders.stream().anyMatch(String::isBlank)) {
            throw ApiException.invalidConfiguration(
                    "partitionHeaders: " + partitionHeaders + " (expected: the names of headers)");
        }
    }

    /** A model whose answers name what they count for in {@code X-RateLimit-Resource} or {@code X-RateLimit-Bucket}, if at all. */
    public QuotaModel(
            @Nullable HeaderFamily headers,
            List<DeclaredLimit> limits,
            boolean perOperation,
            @Nullable Duration block) {
        this(headers, limits, perOperation, block, USUAL_PARTITION_HEADERS);
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
        return new QuotaModel(headers, List.of(newLimits), perOperation, block, partitionHeaders);
    }

    /** The same, counted for each operation by itself. */
    public QuotaModel countedPerOperation() {
        return new QuotaModel(headers, limits, true, block, partitionHeaders);
    }

    /** The same, where a client that has exceeded a limit is refused for so long. */
    public QuotaModel blocking(Duration time) {
        return new QuotaModel(headers, limits, perOperation, time, partitionHeaders);
    }

    /**
     * Returns the same model, where these headers name the quota that an answer counts for: {@code X-RateLimit-Resource} and
     * {@code X-RateLimit-Bucket} unless given. What an operation was last counted for holds for its next calls.
     */
    public QuotaModel namingPartitionsIn(String... headerNames) {
        return new QuotaModel(headers, limits, perOperation, block, List.of(headerNames));
    }
}
