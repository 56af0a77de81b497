package io.penstock.infraon.model;

import io.penstock.error.ApiException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list (pages "incident", "change").
 *
 * @param page the page to begin with, from 1
 * @param itemsPerPage how many rows a page has; the server cuts it to a limit that it announces in the answer
 * @param sort the member to sort by, or null
 * @param reverse the other way round, or null for what the server does
 * @param filters sent as {@code {"filters":{…}}} in the body of the GET where given, as one public client does; null for a
 *     GET without a body. Which filters exist is not documented
 */
public record ListQuery(
        int page,
        int itemsPerPage,
        @Nullable String sort,
        @Nullable Boolean reverse,
        @Nullable Map<String, ?> filters) {

    /** What a public client asks for when it walks through a list. */
    private static final int USUAL_ROWS = 100;

    /** Checks the numbers, with INVALID_REQUEST; copies the filters. */
    public ListQuery {
        if (page < 1 || itemsPerPage < 1) {
            throw ApiException.invalidRequest(
                    "page: " + page + ", itemsPerPage: " + itemsPerPage + " (expected: >= 1 and >= 1)");
        }
        filters = filters == null ? null : Map.copyOf(filters);
    }

    /** The first page, 100 rows. */
    public static ListQuery first() {
        return new ListQuery(1, USUAL_ROWS, null, null, null);
    }

    /** The same list in pages of another size, from the first. */
    public ListQuery withItemsPerPage(int rows) {
        return new ListQuery(1, rows, sort, reverse, filters);
    }

    /** The same list, from that page on. */
    public ListQuery withPage(int number) {
        return new ListQuery(number, itemsPerPage, sort, reverse, filters);
    }

    /** The same list in another order. */
    public ListQuery sortedBy(String member, boolean backwards) {
        return new ListQuery(page, itemsPerPage, member, backwards, filters);
    }

    /** The same list, filtered by a body of the GET. Something between client and server may drop such a body. */
    public ListQuery filteredBy(Map<String, ?> newFilters) {
        return new ListQuery(page, itemsPerPage, sort, reverse, newFilters);
    }
}
