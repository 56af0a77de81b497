package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The strategy of {@link Paging#cursor(String)}. An empty page with a new cursor is followed, because servers that
 * filter while they page return such pages; one hundred of them in a row are an error.
 *
 * @param parameter the query parameter that takes the cursor
 * @param endsWhereRepeated whether a repetition of the cursor that was just sent marks the end; otherwise it is an
 *     error
 * @param moreFlag the pointer to a member that is false on the last page, regardless of its cursor; or null
 * @param totalPointer the pointer to the total number of items, beside the items; or null
 */
public record CursorPaging(
        String parameter,
        boolean endsWhereRepeated,
        @Nullable String moreFlag,
        @Nullable String totalPointer) implements Paging {

    /** Checks the pointers; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CursorPaging {
        PageMetadata.checkPointer("moreFlag", moreFlag);
        PageMetadata.checkPointer("totalPointer", totalPointer);
    }

    /** Returns a copy for an API whose last page repeats its own cursor instead of giving none. */
    public CursorPaging endingWhereRepeated() {
        return new CursorPaging(parameter, true, moreFlag, totalPointer);
    }

    /** Returns a copy for pages with a member that tells whether there are more; a missing member is ignored. */
    public CursorPaging whileTrue(String pointer) {
        return new CursorPaging(parameter, endsWhereRepeated, pointer, totalPointer);
    }

    /** Returns a copy for pages that give the total number of items. */
    public CursorPaging counting(String pointer) {
        return new CursorPaging(parameter, endsWhereRepeated, moreFlag, pointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        PageMetadata.verifyNotEmpty(page, totalPointer);
        String cursor = page.nextCursor();
        JsonNode more = moreFlag == null ? null : PageMetadata.member(page, moreFlag);
        if (more != null && more.isBoolean() && !more.asBoolean()) {
            return null;
        }
        if (cursor == null) {
            if (more != null && more.isBoolean()) {
                throw PageMetadata.contradiction("the page says that there is more, and names no cursor for it");
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
        throw PageMetadata.contradiction("the next page's cursor is the one that was just sent");
    }

    private static <T> ApiRequest<Page<T>> sending(ApiRequest<Page<T>> request, String parameter, String cursor) {
        try {
            return request.withQuery(parameter, cursor);
        } catch (ApiException e) {
            throw PageMetadata.undecodable(
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
        return PageMetadata.total(page, totalPointer);
    }

    @Override
    public @Nullable String cursorOf(ApiRequest<?> request) {
        return request.queryValue(parameter);
    }
}
