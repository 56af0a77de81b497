package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The strategy of {@link Paging#cursorList(String, String)}.
 *
 * @param parameter the query parameter that takes the cursor
 * @param pointer the pointer to the list of cursors, beside the items
 * @param totalPointer the pointer to the total number of items, or null
 */
record CursorListPaging(
        String parameter, String pointer, @Nullable String totalPointer) implements Paging {

    /** Checks the pointers; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    CursorListPaging {
        PageMetadata.checkPointer("pointer", pointer);
        PageMetadata.checkPointer("totalPointer", totalPointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        PageMetadata.verifyNotEmpty(page, totalPointer);
        JsonNode cursors = PageMetadata.member(page, pointer);
        String sent = request.queryValue(parameter);
        int at = sent == null || cursors.isEmpty() ? 0 : -1;
        for (int i = 0; i < cursors.size(); i++) {
            JsonNode known = cursors.get(i);
            if (known.isContainer()) {
                throw PageMetadata.undecodable(
                        "what stands at " + pointer + "/" + i + " is no cursor", "a text, number or null");
            }
            if (known.isNull() ? sent == null : known.asString().equals(sent)) {
                at = i;
            }
        }
        if (at < 0) {
            throw PageMetadata.undecodable(
                    "the list of cursors at " + pointer + " lacks the one that was just sent",
                    "a list with it, and the next page's cursor behind it");
        }
        JsonNode next = cursors.path(at + 1);
        return next.isMissingNode() || next.isNull()
                ? null
                : CursorPaging.followed(request, parameter, next.asString(), false);
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
