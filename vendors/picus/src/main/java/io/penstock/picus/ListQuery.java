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
 * Which part of a list to read. What the parameters for the size and the beginning are called differs by operation:
 * {@link Picus} knows.
 *
 * @param limit the largest number of items of a page, at least 2 (page "pagination"); null leaves it to the server. More than the
 *     operation's maximum gets 422
 * @param offset how many items to leave out at the beginning; null for none
 * @param filters the operation's own parameters
 */
public record ListQuery(@Nullable Integer limit, @Nullable Integer offset, Map<String, String> filters) {

    private static final int SMALLEST_PAGE = 2;

    /** Checks the numbers: {@link ApiException} of kind INVALID_REQUEST. */
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

    /** The whole list, in pages as large as the operation makes them. */
    public static ListQuery first() {
        return new ListQuery(null, null, Map.of());
    }

    /** From there on, in pages of that many items. */
    public static ListQuery of(int limit, int offset) {
        return new ListQuery(limit, offset, Map.of());
    }

    /** The same part of what passes a filter too, such as {@code status} or {@code prevention_result_gte}; any of several values. */
    public ListQuery where(String filter, Object... values) {
        if (values.length == 0) {
            throw ApiException.invalidRequest("filter " + filter + ": no value (expected: at least one)");
        }
        Map<String, String> more = new LinkedHashMap<>(filters);
        more.put(filter, Stream.of(values).map(Object::toString).collect(Collectors.joining(",")));
        return new ListQuery(limit, offset, more);
    }

    /** The request with this query; most operations call the two parameters {@code limit} and {@code offset}. */
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
