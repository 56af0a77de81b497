package io.penstock.body;

import io.penstock.error.Journey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One page of a list. Position, total, journey and token are set by {@code ApiClient.pages}; a page that was requested
 * on its own has none of them.
 *
 * @param items the items, in the server's order
 * @param nextCursor where the next page begins, or null if the server names none
 * @param more the other members beside the list, such as totals and page numbers; empty for a bare array
 * @param position how many items of the list come before its first one, including those that the first request skipped
 *     by its offset or page number, and those that were read before a resumption
 * @param total how many items the whole list had when this page was made, or null if the server does not say
 * @param journey the journey of the call that fetched it
 * @param resumeToken the token that continues after this page, for {@code Pages.resumeFrom}; null
 *     after the last page
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

    /** Creates a page that was requested on its own. */
    public Page(List<T> items, @Nullable String nextCursor, Map<String, JsonNode> more) {
        this(items, nextCursor, more, 0, null, Journey.none(), null);
    }

    /** Creates a page without members beside its list. */
    public Page(List<T> items, @Nullable String nextCursor) {
        this(items, nextCursor, Map.of());
    }

    /** Returns a copy with its position in the list. */
    public Page<T> at(long newPosition, @Nullable Long newTotal) {
        return new Page<>(items, nextCursor, more, newPosition, newTotal, journey, resumeToken);
    }

    /** Returns the number of items and their position, but not the items, which may be sensitive. */
    @Override
    public String toString() {
        return "Page[" + items.size() + " items" + (position == 0 ? "" : " from " + position)
                + (total == null ? "" : " of " + total) + (nextCursor == null ? "" : ", more") + "]";
    }
}
