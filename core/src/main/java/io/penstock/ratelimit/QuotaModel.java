package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.request.Plan;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The limits of an API on its clients, and its reports on them.
 *
 * @param headers the headers in which it reports a quota, or null if it reports none
 * @param limits the limits that it publishes
 * @param block the published time for which a client that has exceeded a limit is refused, if the server does not state
 *     it in its responses; otherwise null
 * @param counting which requests it counts together, and how much each of them counts
 */
public record QuotaModel(
        @Nullable HeaderFamily headers,
        List<DeclaredLimit> limits,
        @Nullable Duration block,
        Counting counting) {

    private static final List<String> USUAL_PARTITION_HEADERS = List.of("x-ratelimit-resource", "x-ratelimit-bucket");

    /**
     * Which requests an API counts together, beside those of one declared limit, and how much each of them counts.
     *
     * @param perOperation whether each operation (method and path template) has a quota of its own
     * @param partitionHeaders the headers that name the quota by which a response is counted, if an API has several; the
     *     first that a response has counts
     * @param partition the name of the quota that counts a request, if the request tells it; null if none does
     * @param costHeader the header that tells how many units a request has cost; null if each costs one
     */
    public record Counting(
            boolean perOperation,
            List<String> partitionHeaders,
            @Nullable Function<? super Plan, @Nullable String> partition,
            @Nullable String costHeader) {

        private static final Counting USUAL = new Counting(false, USUAL_PARTITION_HEADERS, null, null);

        /** Copies the list and checks the names: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Counting {
            partitionHeaders = List.copyOf(partitionHeaders);
            if (partitionHeaders.stream().anyMatch(String::isBlank)) {
                throw ApiException.invalidConfiguration(
                        "partitionHeaders: " + partitionHeaders + " (expected: the names of headers)");
            }
            checkHeaders("partitionHeaders", partitionHeaders);
            if (costHeader != null) {
                checkHeader("costHeader", costHeader);
            }
        }

        /** Returns the name of the quota that a request tells, itself or by the function; null if it tells none. */
        @Nullable
        String quotaOf(Plan plan) {
            String own = plan.quota();
            return own != null || partition == null ? own : partition.apply(plan);
        }

        /** Returns a copy in which each operation is counted by itself. */
        Counting each() {
            return new Counting(true, partitionHeaders, partition, costHeader);
        }
    }

    /** Copies the list and checks the limits: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public QuotaModel {
        limits = List.copyOf(limits);
        for (int i = 0; i < limits.size(); i++) {
            String name = limits.get(i).name();
            boolean sized = limits.get(i).isSized();
            if (limits.subList(0, i).stream()
                    .anyMatch(other -> other.name().equals(name) && !(sized && other.isSized()))) {
                throw ApiException.invalidConfiguration(
                        "limit " + name + ": declared twice (expected: one limit of unknown size with all its paths)");
            }
        }
        if (block != null && (block.isNegative() || block.isZero())) {
            throw ApiException.invalidConfiguration("block: " + block + " (expected: more than zero)");
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
        this(headers, limits, block, perOperation ? Counting.USUAL.each() : Counting.USUAL);
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

    /** Rejects a name that no header has. */
    static void checkHeader(String what, String name) {
        String wrong = Headers.whatIsWrongWithName(name);
        if (wrong != null) {
            throw ApiException.invalidConfiguration(what + ": " + wrong);
        }
    }

    /** Rejects names that no header has, and those that stand there twice. */
    static void checkHeaders(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            checkHeader(what, name);
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw ApiException.invalidConfiguration(what + ": " + name + " twice (expected: each header once)");
            }
        }
    }

    /** Returns whether each operation (method and path template) has a quota of its own. */
    public boolean perOperation() {
        return counting.perOperation;
    }

    /** Returns the headers that name the quota by which a response is counted. */
    public List<String> partitionHeaders() {
        return counting.partitionHeaders;
    }

    private QuotaModel with(Counting newCounting) {
        return new QuotaModel(headers, limits, block, newCounting);
    }

    /** Returns a copy with the given published limits. */
    public QuotaModel withLimits(DeclaredLimit... newLimits) {
        return new QuotaModel(headers, List.of(newLimits), block, counting);
    }

    /** Returns a copy in which each operation is counted by itself. */
    public QuotaModel countedPerOperation() {
        return with(counting.each());
    }

    /** Returns a copy in which a client that has exceeded a limit is refused for the given time. */
    public QuotaModel blocking(Duration time) {
        return new QuotaModel(headers, limits, time, counting);
    }

    /**
     * Returns a copy in which the given headers name the quota by which a response is counted. The default is
     * {@code X-RateLimit-Resource} and {@code X-RateLimit-Bucket}. The last quota of an operation applies to its next
     * calls.
     */
    public QuotaModel namingPartitionsIn(String... headerNames) {
        return with(new Counting(counting.perOperation, List.of(headerNames), counting.partition, counting.costHeader));
    }

    /**
     * Returns a copy in which the given function names the quota that counts a request: by a path value, a header, or whatever
     * the server goes by. Requests for which it returns null are counted by the other rules. It is called once or more per
     * attempt, on any thread, and must return the same name for the same request. The name is not shown.
     */
    public QuotaModel namingPartitionsBy(Function<? super Plan, @Nullable String> name) {
        return with(new Counting(counting.perOperation, counting.partitionHeaders, name, counting.costHeader));
    }

    /**
     * Returns a copy in which the given header of a response tells how many units its request has cost. The last cost of an
     * operation is what its next calls take, unless {@code ApiRequest.cost} sets another.
     */
    public QuotaModel tellingCostIn(String header) {
        return with(new Counting(counting.perOperation, counting.partitionHeaders, counting.partition, header));
    }
}
