package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strategy of {@link Paging#offset(String, String, String)}. Without a total, a page whose number of items differs
 * from the requested one is the last. So is any page that was requested without a size, because a server that ignores
 * both parameters would return it again.
 *
 * @param offsetParameter the query parameter that takes the number of items to skip
 * @param limitParameter the query parameter that takes the page size
 * @param totalPointer the pointer to the total number of items, beside the items
 */
record OffsetPaging(String offsetParameter, String limitParameter, String totalPointer) implements Paging {

    /** Checks the pointer; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    OffsetPaging {
        PageMetadata.checkPointer("totalPointer", totalPointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        long seen = offset(request) + page.items().size();
        long total = PageMetadata.number(page, totalPointer);
        if (total < 0
                ? page.items().size() != PageMetadata.number(request.queryValue(limitParameter), -1)
                : seen >= total) {
            return null;
        }
        if (page.items().isEmpty()) {
            if (total < 0) {
                return null;
            }
            throw PageMetadata.emptyOf(page, total);
        }
        return request.withQuery(offsetParameter, seen);
    }

    private long offset(ApiRequest<?> request) {
        return Math.max(0, PageMetadata.number(request.queryValue(offsetParameter), 0));
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
        return PageMetadata.total(page, totalPointer);
    }

    @Override
    public long promiseOf(ApiRequest<?> request, Page<?> page) {
        return PageMetadata.number(page, totalPointer);
    }
}
