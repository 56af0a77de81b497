package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of an API on its clients, and its reports on them.
 *
 * @param headers the headers in which it reports a quota, or null if it reports none
 * @param limits the limits that it publishes
 * @param perOperation whether each operation (method and path template) has a quota of its own
 * @param block the published time for which a client that has exceeded a limit is refused, if the server does not state
 *     it in its responses; otherwise null
 * @param partitionHeaders the headers that name the quota by which a response is counted, if an API has several; the
 *     first that a response has counts
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

    /**
     * Creates a model whose responses may name their quota in {@code X-RateLimit-Resource} or
     * {@code X-RateLimit-Bucket}.
     */
    public QuotaModel(
            @Nullable HeaderFamily headers,
            List<DeclaredLimit> limits,
            boolean perOperation,
            @Nullable Duration block) {
        this(headers, limits, perOperation, block, USUAL_PARTITION_HEADERS);
    }

    /** Returns a model of an API that publishes no limit and reports none. */
    public static QuotaModel unknown() {
        return new QuotaModel(null, List.of(), false, null);
    }

    /** Returns a model of an API that reports one quota for all operations, in the given headers. */
    public static QuotaModel reported(HeaderFamily headers) {
        return new QuotaModel(headers, List.of(), false, null);
    }

    /** Returns a model of an API that publishes the given limits and reports none. */
    public static QuotaModel declared(DeclaredLimit... limits) {
        return new QuotaModel(null, List.of(limits), false, null);
    }

    /** Returns a copy with the given published limits. */
    public QuotaModel withLimits(DeclaredLimit... newLimits) {
        return new QuotaModel(headers, List.of(newLimits), perOperation, block, partitionHeaders);
    }

    /** Returns a copy in which each operation is counted by itself. */
    public QuotaModel countedPerOperation() {
        return new QuotaModel(headers, limits, true, block, partitionHeaders);
    }

    /** Returns a copy in which a client that has exceeded a limit is refused for the given time. */
    public QuotaModel blocking(Duration time) {
        return new QuotaModel(headers, limits, perOperation, time, partitionHeaders);
    }

    /**
     * Returns a copy in which the given headers name the quota by which a response is counted. The default is
     * {@code X-RateLimit-Resource} and {@code X-RateLimit-Bucket}. The last quota of an operation applies to its next
     * calls.
     */
    public QuotaModel namingPartitionsIn(String... headerNames) {
        return new QuotaModel(headers, limits, perOperation, block, List.of(headerNames));
    }
}
