package io.penstock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items what it holds, in the server's order
 * @param nextCursor where the next page begins, or null if the server names none
 * @param <T> the items' type
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** How many items of which page; not the items, which may hold what nobody should log. */
    @Override
    public String toString() {
        return "Page[" + items.size() + " items" + (nextCursor == null ? "" : ", more") + "]";
    }
}
