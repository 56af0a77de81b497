package io.penstock.paging;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Page;
import io.penstock.Retryability;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * How an API hands out a long list: a value of a vendor's spec, and a pure function from one page to the request for the
 * next. A server that goes round in circles, or that promises more and gives nothing, is an error and no endless loop.
 */
public sealed interface Paging {

    /**
     * The request for the next page, or null after the last.
     *
     * @param request the request that gave the page
     * @throws ApiException UNDECODABLE if the page contradicts itself or repeats the cursor that was just sent
     */
    <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page);

    /** The whole list at once. */
    static Paging single() {
        return new Single();
    }

    /** The page names the cursor of the next (see {@link io.penstock.envelope.Payload#page}); it ends where it names none. */
    static Cursor cursor(String parameter) {
        return new Cursor(parameter, false);
    }

    /** The page lists the cursors it knows, the first of them for itself; the next page's is behind the one just sent. */
    static Paging cursorList(String parameter, String pointer) {
        return new CursorList(parameter, pointer);
    }

    /** Pages are numbered; where the last is, is told by {@link Numbered}'s other members, as far as the API has them. */
    static Numbered number(String parameter, int first) {
        return new Numbered(parameter, first, null, null, null, null, null);
    }

    /** Items are counted off. */
    static Paging offset(String offsetParameter, String limitParameter, String totalPointer) {
        return new Offset(offsetParameter, limitParameter, totalPointer);
    }

    /** As {@link #single()}. */
    record Single() implements Paging {
        @Override
        public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
            return null;
        }
    }

    /**
     * As {@link #cursor(String)}.
     *
     * @param parameter the query parameter that takes the cursor
     * @param endsWhereRepeated whether the cursor that was just sent stands for the end, and is no error
     */
    record Cursor(String parameter, boolean endsWhereRepeated) implements Paging {

        /** The same, where the last page names its own cursor in place of none. */
        public Cursor endingWhereRepeated() {
            return new Cursor(parameter, true);
        }

        @Override
        public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
            String cursor = page.nextCursor();
            if (cursor == null || (endsWhereRepeated && cursor.equals(request.queryValue(parameter)))) {
                return null;
            }
            return followed(request, parameter, cursor);
        }
    }

    /**
     * As {@link #cursorList(String, String)}.
     *
     * @param parameter the query parameter that takes the cursor
     * @param pointer where the list of cursors is, beside the items
     */
    record CursorList(String parameter, String pointer) implements Paging {
        @Override
        public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
            JsonNode cursors = member(page, pointer);
            String sent = request.queryValue(parameter);
            int at = 0;
            for (int i = 0; i < cursors.size(); i++) {
                JsonNode known = cursors.get(i);
                if (known.isNull() ? sent == null : known.asString().equals(sent)) {
                    at = i;
                }
            }
            JsonNode next = cursors.path(at + 1);
            return next.isMissingNode() || next.isNull() ? null : followed(request, parameter, next.asString());
        }
    }

    /**
     * As {@link #number(String, int)}.
     *
     * @param parameter the query parameter that takes the number
     * @param first the first page's number
     * @param sizeParameter the query parameter that takes the size of a page, or null
     * @param actualSize where the size that the server made its pages of is, or null; a server may give less than was asked
     * @param totalPages where the number of pages is, beside the items, or null
     * @param totalItems where the number of all items is, or null
     * @param nextLink a member that is null on the last page, or null
     */
    record Numbered(
            String parameter,
            int first,
            @Nullable String sizeParameter,
            @Nullable String actualSize,
            @Nullable String totalPages,
            @Nullable String totalItems,
            @Nullable String nextLink)
            implements Paging {

        /** The same, where pages of another size can be asked for. */
        public Numbered sizedBy(String newSizeParameter) {
            return new Numbered(parameter, first, newSizeParameter, actualSize, totalPages, totalItems, nextLink);
        }

        /** The same, where a page tells of what size the pages are. */
        public Numbered sizeAt(String pointer) {
            return new Numbered(parameter, first, sizeParameter, pointer, totalPages, totalItems, nextLink);
        }

        /** The same, where a page tells how many pages there are. */
        public Numbered untilPage(String pointer) {
            return new Numbered(parameter, first, sizeParameter, actualSize, pointer, totalItems, nextLink);
        }

        /** The same, where a page tells how many items there are in all. */
        public Numbered untilItem(String pointer) {
            return new Numbered(parameter, first, sizeParameter, actualSize, totalPages, pointer, nextLink);
        }

        /** The same, where a member is null on the last page. */
        public Numbered untilNull(String pointer) {
            return new Numbered(parameter, first, sizeParameter, actualSize, totalPages, totalItems, pointer);
        }

        @Override
        public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
            long current = numberOf(request.queryValue(parameter), first);
            long asked = sizeParameter == null ? 0 : numberOf(request.queryValue(sizeParameter), 0);
            long actual = numberAt(page, actualSize);
            long size = actual > 0 ? actual : asked;
            long pages = numberAt(page, totalPages);
            long total = numberAt(page, totalItems);
            boolean last;
            if (pages >= 0) {
                last = current - first + 1 >= pages;
            } else if (total >= 0) {
                long perPage = size > 0 ? size : page.items().size();
                last = (current - first + 1) * perPage >= total;
            } else if (nextLink != null) {
                last = member(page, nextLink).isNull() || member(page, nextLink).isMissingNode();
            } else {
                last = page.items().isEmpty() || page.items().size() < size;
            }
            if (last) {
                return null;
            }
            if (page.items().isEmpty()) {
                throw contradiction("page " + current + " is empty and promises more");
            }
            return request.withQuery(parameter, current + 1);
        }
    }

    /**
     * As {@link #offset(String, String, String)}.
     *
     * @param offsetParameter the query parameter that takes the number of items to leave out
     * @param limitParameter the query parameter that takes the size of a page
     * @param totalPointer where the number of all items is, beside the items
     */
    record Offset(String offsetParameter, String limitParameter, String totalPointer) implements Paging {
        @Override
        public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
            long offset = numberOf(request.queryValue(offsetParameter), 0);
            long seen = offset + page.items().size();
            long total = numberAt(page, totalPointer);
            if (total < 0 ? page.items().size() < numberOf(request.queryValue(limitParameter), 1) : seen >= total) {
                return null;
            }
            if (page.items().isEmpty()) {
                throw contradiction(
                        "the page at offset " + offset + " is empty, and " + total + " items were promised");
            }
            return request.withQuery(offsetParameter, seen);
        }
    }

    private static <T> ApiRequest<Page<T>> followed(ApiRequest<Page<T>> request, String parameter, String cursor) {
        if (cursor.equals(request.queryValue(parameter))) {
            throw contradiction("the next page's cursor is the one that was just sent");
        }
        return request.withQuery(parameter, cursor);
    }

    private static ApiException contradiction(String what) {
        return new ApiException(Failure.of(
                ErrorKind.UNDECODABLE,
                Certainty.PROCESSED,
                Retryability.PERMANENT,
                "paging: " + what + " (expected: pages that come to an end)"));
    }

    /** A JSON pointer into what stands beside the items. */
    private static JsonNode member(Page<?> page, String pointer) {
        int end = pointer.indexOf('/', 1);
        JsonNode top = page.more().get(end < 0 ? pointer.substring(1) : pointer.substring(1, end));
        if (top == null) {
            return MissingNode.getInstance();
        }
        return end < 0 ? top : top.at(pointer.substring(end));
    }

    private static long numberAt(Page<?> page, @Nullable String pointer) {
        JsonNode found = pointer == null ? MissingNode.getInstance() : member(page, pointer);
        return found.isValueNode() && !found.isNull() ? numberOf(found.asString(), -1) : -1;
    }

    private static long numberOf(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise; // a caller's or server's own idea of a number: then as if it were not there
        }
    }
}
