package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strategy of {@link Paging#single()}.
 *
 * @param totalPointer the pointer to the total number of items, beside the items; fewer items are an error; or null
 */
record SinglePaging(@Nullable String totalPointer) implements Paging {

    /** Checks the pointer; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    SinglePaging {
        PageMetadata.checkPointer("totalPointer", totalPointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        long total = PageMetadata.number(page, totalPointer);
        if (page.items().size() < total) {
            throw PageMetadata.contradiction("the only page has " + page.items().size() + " of " + total + " items");
        }
        return null;
    }

    @Override
    public List<String> parameters() {
        return List.of();
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return PageMetadata.total(page, totalPointer);
    }
}
