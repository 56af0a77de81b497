package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The strategy of {@link Paging#number(String, int)}. The last page is found by the first of these rules that applies:
 * the number of pages; a link to the next page that is null; the total number of items; a page with fewer items than
 * requested.
 *
 * @param parameter the query parameter that takes the page number
 * @param first the number of the first page
 * @param size the size of the pages
 * @param end the signs of the last page
 */
public record NumberedPaging(String parameter, int first, PageSize size, End end) implements Paging {

    private static final PageSize UNKNOWN_SIZE = new PageSize(null, null, null);
    private static final End BY_SIZE = new End(null, null, null, false);

    /** Creates a strategy for pages of unknown size; it ends at an empty page. */
    NumberedPaging(String parameter, int first) {
        this(parameter, first, UNKNOWN_SIZE, BY_SIZE);
    }

    /**
     * The size of the pages.
     *
     * @param parameter the query parameter that takes the page size, or null
     * @param actual the pointer to the page size that the server used, which may be smaller than requested; or null
     * @param largest the pointer to the largest page size that the server allows; later requests do not exceed it; or
     *     null
     */
    public record PageSize(
            @Nullable String parameter,
            @Nullable String actual,
            @Nullable String largest) {

        /** Checks the pointers; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
        public PageSize {
            PageMetadata.checkPointer("actualSize", actual);
            PageMetadata.checkPointer("largestSize", largest);
        }
    }

    /**
     * The signs of the last page.
     *
     * @param totalPages the pointer to the number of pages, beside the items; or null
     * @param totalItems the pointer to the total number of items, or null
     * @param nextLink the pointer to a member that is null on the last page, or null; its value is not followed
     * @param whereEmpty whether an empty page is the end, regardless of its other members
     */
    public record End(
            @Nullable String totalPages,
            @Nullable String totalItems,
            @Nullable String nextLink,
            boolean whereEmpty) {

        /** Checks the pointers; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
        public End {
            PageMetadata.checkPointer("totalPages", totalPages);
            PageMetadata.checkPointer("totalItems", totalItems);
            PageMetadata.checkPointer("nextLink", nextLink);
        }
    }

    private NumberedPaging with(PageSize newSize) {
        return new NumberedPaging(parameter, first, newSize, end);
    }

    private NumberedPaging with(End newEnd) {
        return new NumberedPaging(parameter, first, size, newEnd);
    }

    /** Returns a copy for an API that accepts a page size. */
    public NumberedPaging sizedBy(String newSizeParameter) {
        return with(new PageSize(newSizeParameter, size.actual, size.largest));
    }

    /** Returns a copy for pages that give the actual page size. */
    public NumberedPaging sizeAt(String pointer) {
        return with(new PageSize(size.parameter, pointer, size.largest));
    }

    /**
     * Returns a copy for pages that give the largest page size, so that a page cut to it is not mistaken for the last
     * one.
     */
    public NumberedPaging atMost(String pointer) {
        return with(new PageSize(size.parameter, size.actual, pointer));
    }

    /** Returns a copy for pages that give the number of pages. */
    public NumberedPaging untilPage(String pointer) {
        return with(new End(pointer, end.totalItems, end.nextLink, end.whereEmpty));
    }

    /** Returns a copy for pages that give the total number of items. */
    public NumberedPaging untilItem(String pointer) {
        return with(new End(end.totalPages, pointer, end.nextLink, end.whereEmpty));
    }

    /** Returns a copy for pages with a member that is null on the last page. */
    public NumberedPaging untilNull(String pointer) {
        return with(new End(end.totalPages, end.totalItems, pointer, end.whereEmpty));
    }

    /** Returns a copy for which an empty page is the end rather than a contradiction. */
    public NumberedPaging untilEmpty() {
        return with(new End(end.totalPages, end.totalItems, end.nextLink, true));
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        boolean empty = page.items().isEmpty();
        long total = PageMetadata.number(page, end.totalItems);
        if (empty && !end.whereEmpty && total > page.position()) {
            throw PageMetadata.emptyOf(page, total);
        }
        if ((empty && end.whereEmpty) || isLast(request, page)) {
            return null;
        }
        if (empty) {
            throw PageMetadata.contradiction("page " + current(request) + " is empty and promises more");
        }
        ApiRequest<Page<T>> next = request.withQuery(parameter, current(request) + 1);
        long asked = asked(request);
        long allowed = Math.min(asked, cut(page, asked));
        return allowed == asked || size.parameter == null ? next : next.withQuery(size.parameter, allowed);
    }

    private boolean isLast(ApiRequest<?> request, Page<?> page) {
        int items = page.items().size();
        long size = size(request, page);
        long behind = current(request) - first + 1;
        long pages = PageMetadata.number(page, end.totalPages);
        if (pages >= 0) {
            return behind >= pages;
        }
        JsonNode link = end.nextLink == null ? null : PageMetadata.member(page, end.nextLink);
        if (link != null && !link.isMissingNode()) {
            return link.isNull();
        }
        long total = PageMetadata.number(page, end.totalItems);
        if (total >= 0) {
            return page.position() + items >= total || (size > 0 && behind * size >= total);
        }
        return items == 0 || items < size || (link != null && size <= 0);
    }

    private long current(ApiRequest<?> request) {
        return PageMetadata.number(request.queryValue(parameter), first);
    }

    private long asked(ApiRequest<?> request) {
        return size.parameter == null ? 0 : PageMetadata.number(request.queryValue(size.parameter), 0);
    }

    /**
     * Returns the page size after the server's limit; a page with more items than the announced limit was not cut to
     * it.
     */
    private long cut(Page<?> page, long asked) {
        long largest = PageMetadata.number(page, size.largest);
        return largest > 0 && page.items().size() <= largest ? largest : asked;
    }

    /** Returns the page size, or 0 if unknown. A size that no Java list could hold is ignored. */
    private long size(ApiRequest<?> request, Page<?> page) {
        long actual = PageMetadata.number(page, size.actual);
        long asked = asked(request);
        return actual > 0 && actual <= Integer.MAX_VALUE ? actual : Math.min(asked, cut(page, asked));
    }

    @Override
    public List<String> parameters() {
        return size.parameter == null ? List.of(parameter) : List.of(parameter, size.parameter);
    }

    @Override
    public long startOf(ApiRequest<?> request, Page<?> page) {
        long size = size(request, page);
        return Math.max(0, current(request) - first)
                * (size > 0 ? size : page.items().size());
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return PageMetadata.total(page, end.totalItems);
    }

    @Override
    public long promiseOf(ApiRequest<?> request, Page<?> page) {
        long total = PageMetadata.number(page, end.totalItems);
        long pages = PageMetadata.number(page, end.totalPages);
        long before = current(request) - first;
        if (total >= 0 || pages < 0 || before <= 0) {
            return total;
        }
        return pages >= before ? -1 : page.position() * pages / before;
    }
}
