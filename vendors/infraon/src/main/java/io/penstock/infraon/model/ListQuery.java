package io.penstock.infraon.model;

import io.penstock.error.ApiException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a part of a list (pages "incident", "change").
 *
 * @param page the number of the first page to read, from 1
 * @param itemsPerPage the number of rows per page; the server cuts it to a limit that it announces in the response
 * @param sort the member to sort by, or null
 * @param reverse whether to reverse the order, or null for the server's default
 * @param filters sent as {@code {"filters":{…}}} in the body of the GET, as one public client does; null for a GET
 *     without a body. The available filters are not documented
 */
public record ListQuery(
        int page,
        int itemsPerPage,
        @Nullable String sort,
        @Nullable Boolean reverse,
        @Nullable Map<String, ?> filters) {

    /** The page size that a public client requests when it walks through a list. */
    private static final int USUAL_ROWS = 100;

    /** Rejects numbers below 1 with INVALID_REQUEST and copies the filters. */
    public ListQuery {
        if (page < 1 || itemsPerPage < 1) {
            throw ApiException.invalidRequest(
                    "page: " + page + ", itemsPerPage: " + itemsPerPage + " (expected: >= 1 and >= 1)");
        }
        filters = filters == null ? null : Map.copyOf(filters);
    }

    /** Returns a query for the first page of 100 rows. */
    public static ListQuery first() {
        return new ListQuery(1, USUAL_ROWS, null, null, null);
    }

    /** Returns a copy with another page size that starts at the first page. */
    public ListQuery withItemsPerPage(int rows) {
        return new ListQuery(1, rows, sort, reverse, filters);
    }

    /** Returns a copy that starts at the given page. */
    public ListQuery withPage(int number) {
        return new ListQuery(number, itemsPerPage, sort, reverse, filters);
    }

    /** Returns a copy with another sort order. */
    public ListQuery sortedBy(String member, boolean backwards) {
        return new ListQuery(page, itemsPerPage, member, backwards, filters);
    }

    /** Returns a copy with filters, which are sent in the body of the GET. An intermediary may drop such a body. */
    public ListQuery filteredBy(Map<String, ?> newFilters) {
        return new ListQuery(page, itemsPerPage, sort, reverse, newFilters);
    }
}
