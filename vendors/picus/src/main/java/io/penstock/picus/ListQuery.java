package io.penstock.picus;

import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A selection of a part of a list. The names of the parameters for the size and the offset differ by operation;
 * {@link Picus} translates them.
 *
 * @param limit the maximum number of items per page, at least 2 (page "pagination"); null for the server's default. A
 *     value above the operation's maximum gets 422
 * @param offset the number of items to skip at the beginning; null for none
 * @param filters the operation's own parameters
 */
public record ListQuery(@Nullable Integer limit, @Nullable Integer offset, Map<String, String> filters) {

    private static final int SMALLEST_PAGE = 2;

    /** Rejects numbers out of range with an {@link ApiException} of kind INVALID_REQUEST. */
    public ListQuery {
        if (limit != null && limit < SMALLEST_PAGE) {
            throw ApiException.invalidRequest(
                    "limit: " + limit + " (expected: >= " + SMALLEST_PAGE + ", as Picus documents its pages)");
        }
        if (offset != null && offset < 0) {
            throw ApiException.invalidRequest("offset: " + offset + " (expected: >= 0)");
        }
        filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
    }

    /** Returns a query for the whole list in pages of the operation's default size. */
    public static ListQuery first() {
        return new ListQuery(null, null, Map.of());
    }

    /** Returns a query from the given offset in pages of the given size. */
    public static ListQuery of(int limit, int offset) {
        return new ListQuery(limit, offset, Map.of());
    }

    /**
     * Returns a copy with a further filter, such as {@code status} or {@code prevention_result_gte}. Several values
     * mean any of them.
     */
    public ListQuery where(String filter, Object... values) {
        if (values.length == 0) {
            throw ApiException.invalidRequest("filter " + filter + ": no value (expected: at least one)");
        }
        Map<String, String> more = new LinkedHashMap<>(filters);
        more.put(filter, Stream.of(values).map(Object::toString).collect(Collectors.joining(",")));
        return new ListQuery(limit, offset, more);
    }

    /**
     * Returns the request with this query. Most operations call the two parameters {@code limit} and {@code offset}.
     */
    <T> ApiRequest<T> of(ApiRequest<T> request) {
        return of(request, "limit", "offset");
    }

    <T> ApiRequest<T> of(ApiRequest<T> request, String limitName, String offsetName) {
        ApiRequest<T> narrowed = request.query(limitName, limit).query(offsetName, offset);
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            narrowed = narrowed.query(filter.getKey(), filter.getValue());
        }
        return narrowed;
    }
}
