package io.penstock.invicti;

import org.jspecify.annotations.Nullable;

/**
 * A selection from a list. The lists have different names for its parameters. The documentation of each list states
 * which of the three it supports; an unsupported parameter is refused before anything is sent.
 *
 * @param pageSize the number of items per page ({@code pageSize}, {@code limit}); null for the server's default
 * @param search the text to search for ({@code query}, {@code search}); null for everything
 * @param sortBy the member to sort by ({@code sortBy}, {@code sort}); null for the server's order
 */
public record ListQuery(
        @Nullable Integer pageSize,
        @Nullable String search,
        @Nullable String sortBy) {

    /** Returns a query for the whole list with the server's defaults. */
    public static ListQuery all() {
        return new ListQuery(null, null, null);
    }

    /** Returns a copy with another page size. */
    public ListQuery withPageSize(int newPageSize) {
        return new ListQuery(newPageSize, search, sortBy);
    }

    /** Returns a copy with a text to search for. */
    public ListQuery withSearch(String newSearch) {
        return new ListQuery(pageSize, newSearch, sortBy);
    }

    /** Returns a copy that is sorted by a member. */
    public ListQuery withSortBy(String newSortBy) {
        return new ListQuery(pageSize, search, newSortBy);
    }
}
