package io.penstock;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One page of a list.
 *
 * @param items what it holds, in the server's order
 * @param nextCursor where the next page begins, or null if the server names none
 * @param more what else stood beside the list, such as totals and page numbers; empty for a bare array
 * @param <T> the items' type
 */
public record Page<T>(List<T> items, @Nullable String nextCursor, Map<String, JsonNode> more) {

    /** A page with nothing beside its list. */
    public Page(List<T> items, @Nullable String nextCursor) {
        this(items, nextCursor, Map.of());
    }

    /** How many items of which page; not the items, which may hold what nobody should log. */
    @Override
    public String toString() {
        return "Page[" + items.size() + " items" + (nextCursor == null ? "" : ", more") + "]";
    }
}
