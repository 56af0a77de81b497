package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * As {@link Paging#cursor(String)}. An empty page with a new cursor is followed, since servers that filter as they go give
 * such; one hundred of them in a row are an error.
 *
 * @param parameter the query parameter that takes the cursor
 * @param endsWhereRepeated whether the cursor that was just sent stands for the end, and is no error
 * @param moreFlag a member that is false on the last page, whatever cursor stands there, or null
 * @param totalPointer where the number of all items is, beside them, or null
 */
public record CursorPaging(
        String parameter,
        boolean endsWhereRepeated,
        @Nullable String moreFlag,
        @Nullable String totalPointer) implements Paging {

    /** Checks the pointers: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CursorPaging {
        Beside.checkPointer("moreFlag", moreFlag);
        Beside.checkPointer("totalPointer", totalPointer);
    }

    /** The same, where the last page names its own cursor in place of none. */
    public CursorPaging endingWhereRepeated() {
        return new CursorPaging(parameter, true, moreFlag, totalPointer);
    }

    /** The same, where a member says whether there is more; one that is missing says nothing. */
    public CursorPaging whileTrue(String pointer) {
        return new CursorPaging(parameter, endsWhereRepeated, pointer, totalPointer);
    }

    /** The same, where a page tells how many items there are in all. */
    public CursorPaging counting(String pointer) {
        return new CursorPaging(parameter, endsWhereRepeated, moreFlag, pointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
        Beside.verifyNotEmpty(page, totalPointer);
        String cursor = page.nextCursor();
        JsonNode more = moreFlag == null ? null : Beside.member(page, moreFlag);
        if (more != null && more.isBoolean() && !more.asBoolean()) {
            return null;
        }
        if (cursor == null) {
            if (more != null && more.isBoolean()) {
                throw Beside.contradiction("the page says that there is more, and names no cursor for it");
            }
            return null;
        }
        return followed(request, parameter, cursor, endsWhereRepeated);
    }

    static <T> @Nullable ApiRequest<Page<T>> followed(
            ApiRequest<Page<T>> request, String parameter, String cursor, boolean endsWhereRepeated) {
        if (!cursor.equals(request.queryValue(parameter))) {
            return sending(request, parameter, cursor);
        }
        if (endsWhereRepeated) {
            return null;
        }
        throw Beside.contradiction("the next page's cursor is the one that was just sent");
    }

    private static <T> ApiRequest<Page<T>> sending(ApiRequest<Page<T>> request, String parameter, String cursor) {
        try {
            return request.withQuery(parameter, cursor);
        } catch (ApiException e) {
            throw Beside.undecodable(
                    "the next page's cursor cannot be sent, because it has control characters or half of a surrogate"
                            + " pair",
                    "text that can stand in a query");
        }
    }

    @Override
    public List<String> parameters() {
        return List.of(parameter);
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return Beside.total(page, totalPointer);
    }

    @Override
    public @Nullable String cursorOf(ApiRequest<?> request) {
        return request.queryValue(parameter);
    }
}
