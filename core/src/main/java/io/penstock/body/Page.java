package io.penstock.body;

import io.penstock.annotation.Internal;
import io.penstock.error.Journey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One page of a list. Position, total, journey and token are set by {@code ApiClient.pages}; a page that was requested
 * on its own has none of them. Two pages are equal if all their members are.
 *
 * @param <T> the items' type
 */
public final class Page<T> {

    private final List<T> items;
    private final @Nullable String nextCursor;
    private final Map<String, JsonNode> more;
    private final long position;
    private final @Nullable Long total;
    private final Journey journey;
    private final @Nullable String resumeToken;

    private Page(
            List<T> items,
            @Nullable String nextCursor,
            Map<String, JsonNode> more,
            long position,
            @Nullable Long total,
            Journey journey,
            @Nullable String resumeToken) {
        this.items = items;
        this.nextCursor = nextCursor;
        this.more = more;
        this.position = position;
        this.total = total;
        this.journey = journey;
        this.resumeToken = resumeToken;
    }

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

    /**
     * Returns a copy as a walk emits it.
     *
     * @param taken how many of its items are left out, because they were emitted before
     * @hidden
     */
    @Internal
    public Page<T> emitted(int taken, Journey newJourney, @Nullable String newResumeToken) {
        List<T> left = taken == 0 ? items : items.subList(taken, items.size());
        return new Page<>(left, nextCursor, more, position + taken, total, newJourney, newResumeToken);
    }

    /** Returns the items, in the server's order. */
    public List<T> items() {
        return items;
    }

    /** Returns where the next page begins, or null if the server names none. */
    public @Nullable String nextCursor() {
        return nextCursor;
    }

    /** Returns the other members beside the list, such as totals and page numbers; empty for a bare array. */
    public Map<String, JsonNode> more() {
        return more;
    }

    /**
     * Returns how many items of the list come before its first one, including those that the first request skipped by
     * its offset or page number, and those that were read before a resumption.
     */
    public long position() {
        return position;
    }

    /** Returns how many items the whole list had when this page was made, or null if the server does not say. */
    public @Nullable Long total() {
        return total;
    }

    /** Returns the journey of the call that fetched it. */
    public Journey journey() {
        return journey;
    }

    /**
     * Returns the token that continues after this page, for {@code Pages.resumeFrom}; null after the
     * last page.
     */
    public @Nullable String resumeToken() {
        return resumeToken;
    }

    private List<@Nullable Object> members() {
        return Arrays.asList(items, nextCursor, more, position, total, journey, resumeToken);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Page<?> page && members().equals(page.members());
    }

    @Override
    public int hashCode() {
        return members().hashCode();
    }

    /** Returns the number of items and their position, but not the items, which may be sensitive. */
    @Override
    public String toString() {
        return "Page[" + items.size() + " items" + (position == 0 ? "" : " from " + position)
                + (total == null ? "" : " of " + total) + (nextCursor == null ? "" : ", more") + "]";
    }
}
