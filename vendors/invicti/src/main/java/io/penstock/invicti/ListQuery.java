package io.penstock.invicti;

import org.jspecify.annotations.Nullable;

/**
 * What of a list is wanted. The lists call it by different names; which of the three a list understands is told where it is
 * documented, and what it does not understand is refused before anything is sent.
 *
 * @param pageSize how many items a page should have ({@code pageSize}, {@code limit}); null for the server's own choice
 * @param search what to look for ({@code query}, {@code search}); null for everything
 * @param sortBy the member to sort by ({@code sortBy}, {@code sort}); null for the server's own order
 */
public record ListQuery(
        @Nullable Integer pageSize,
        @Nullable String search,
        @Nullable String sortBy) {

    /** Everything, as the server likes to give it. */
    public static ListQuery all() {
        return new ListQuery(null, null, null);
    }

    /** The same, in pages of that many items. */
    public ListQuery withPageSize(int newPageSize) {
        return new ListQuery(newPageSize, search, sortBy);
    }

    /** The same, with a text to look for. */
    public ListQuery withSearch(String newSearch) {
        return new ListQuery(pageSize, newSearch, sortBy);
    }

    /** The same, sorted by that member. */
    public ListQuery withSortBy(String newSortBy) {
        return new ListQuery(pageSize, search, newSortBy);
    }
}
