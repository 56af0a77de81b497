package io.penstock.body;

import io.penstock.ApiClient;
import io.penstock.error.Journey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One page of a list. What is told of its place in the list, its journey and its token come from {@link ApiClient#pages};
 * a page that was asked for by itself has none of them.
 *
 * @param items what it holds, in the server's order
 * @param nextCursor where the next page begins, or null if the server names none
 * @param more what else stood beside the list, such as totals and page numbers; empty for a bare array
 * @param position how many items of the list come before its first one; what the first request left out by its offset or
 *     page number counts, and so does what was read before a resumption
 * @param total how many items the whole list had when this page was made, or null where the server does not tell
 * @param journey the call that fetched it
 * @param resumeToken what goes on behind this page, for {@link io.penstock.paging.Pages#resumeFrom}; null behind the last
 * @param <T> the items' type
 */
public record Page<T>(
        List<T> items,
        @Nullable String nextCursor,
        Map<String, JsonNode> more,
        long position,
        @Nullable Long total,
        Journey journey,
        @Nullable String resumeToken) {

    /** A page that was asked for by itself. */
    public Page(List<T> items, @Nullable String nextCursor, Map<String, JsonNode> more) {
        this(items, nextCursor, more, 0, null, Journey.none(), null);
    }

    /** A page with nothing beside its list. */
    public Page(List<T> items, @Nullable String nextCursor) {
        this(items, nextCursor, Map.of());
    }

    /** The same page at its place in the list. */
    public Page<T> at(long newPosition, @Nullable Long newTotal) {
        return new Page<>(items, nextCursor, more, newPosition, newTotal, journey, resumeToken);
    }

    /** How many items of which part of the list; not the items, which may hold what nobody should log. */
    @Override
    public String toString() {
        return "Page[" + items.size() + " items" + (position == 0 ? "" : " from " + position)
                + (total == null ? "" : " of " + total) + (nextCursor == null ? "" : ", more") + "]";
    }
}
