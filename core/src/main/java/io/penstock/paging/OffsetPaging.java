package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As {@link Paging#offset(String, String, String)}. Where no total is told, a page that has not as many items as were asked
 * for is the last; so is any page for which no size was asked, because a server that ignores both would give it again.
 *
 * @param offsetParameter the query parameter that takes the number of items to leave out
 * @param limitParameter the query parameter that takes the size of a page
 * @param totalPointer where the number of all items is, beside the items
 */
record OffsetPaging(String offsetParameter, String limitParameter, String totalPointer) implements Paging {

    /** Checks the pointer: {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    OffsetPaging {
        Beside.checkPointer("totalPointer", totalPointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
        long seen = offset(request) + page.items().size();
        long total = Beside.number(page, totalPointer);
        if (total < 0 ? page.items().size() != Beside.number(request.queryValue(limitParameter), -1) : seen >= total) {
            return null;
        }
        if (page.items().isEmpty()) {
            if (total < 0) {
                return null;
            }
            throw Beside.emptyOf(page, total);
        }
        return request.withQuery(offsetParameter, seen);
    }

    private long offset(ApiRequest<?> request) {
        return Math.max(0, Beside.number(request.queryValue(offsetParameter), 0));
    }

    @Override
    public List<String> parameters() {
        return List.of(offsetParameter, limitParameter);
    }

    @Override
    public long startOf(ApiRequest<?> request, Page<?> page) {
        return offset(request);
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return Beside.total(page, totalPointer);
    }

    @Override
    public long promiseOf(ApiRequest<?> request, Page<?> page) {
        return Beside.number(page, totalPointer);
    }
}
