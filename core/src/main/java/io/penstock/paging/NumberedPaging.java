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
 * @param sizeParameter the query parameter that takes the page size, or null
 * @param actualSize the pointer to the page size that the server used, which may be smaller than requested; or null
 * @param largestSize the pointer to the largest page size that the server allows; later requests do not exceed it; or
 *     null
 * @param totalPages the pointer to the number of pages, beside the items; or null
 * @param totalItems the pointer to the total number of items, or null
 * @param nextLink the pointer to a member that is null on the last page, or null; its value is not followed
 * @param endsWhereEmpty whether an empty page is the end, regardless of its other members
 */
public record NumberedPaging(
        String parameter,
        int first,
        @Nullable String sizeParameter,
        @Nullable String actualSize,
        @Nullable String largestSize,
        @Nullable String totalPages,
        @Nullable String totalItems,
        @Nullable String nextLink,
        boolean endsWhereEmpty)
        implements Paging {

    /** Checks the pointers; throws an {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    public NumberedPaging {
        PageMetadata.checkPointer("actualSize", actualSize);
        PageMetadata.checkPointer("largestSize", largestSize);
        PageMetadata.checkPointer("totalPages", totalPages);
        PageMetadata.checkPointer("totalItems", totalItems);
        PageMetadata.checkPointer("nextLink", nextLink);
    }

    /** Returns a copy for an API that accepts a page size. */
    public NumberedPaging sizedBy(String newSizeParameter) {
        return new NumberedPaging(
                parameter,
                first,
                newSizeParameter,
                actualSize,
                largestSize,
                totalPages,
                totalItems,
                nextLink,
                endsWhereEmpty);
    }

    /** Returns a copy for pages that give the actual page size. */
    public NumberedPaging sizeAt(String pointer) {
        return new NumberedPaging(
                parameter,
                first,
                sizeParameter,
                pointer,
                largestSize,
                totalPages,
                totalItems,
                nextLink,
                endsWhereEmpty);
    }

    /**
     * Returns a copy for pages that give the largest page size, so that a page cut to it is not mistaken for the last
     * one.
     */
    public NumberedPaging atMost(String pointer) {
        return new NumberedPaging(
                parameter, first, sizeParameter, actualSize, pointer, totalPages, totalItems, nextLink, endsWhereEmpty);
    }

    /** Returns a copy for pages that give the number of pages. */
    public NumberedPaging untilPage(String pointer) {
        return new NumberedPaging(
                parameter,
                first,
                sizeParameter,
                actualSize,
                largestSize,
                pointer,
                totalItems,
                nextLink,
                endsWhereEmpty);
    }

    /** Returns a copy for pages that give the total number of items. */
    public NumberedPaging untilItem(String pointer) {
        return new NumberedPaging(
                parameter,
                first,
                sizeParameter,
                actualSize,
                largestSize,
                totalPages,
                pointer,
                nextLink,
                endsWhereEmpty);
    }

    /** Returns a copy for pages with a member that is null on the last page. */
    public NumberedPaging untilNull(String pointer) {
        return new NumberedPaging(
                parameter,
                first,
                sizeParameter,
                actualSize,
                largestSize,
                totalPages,
                totalItems,
                pointer,
                endsWhereEmpty);
    }

    /** Returns a copy for which an empty page is the end rather than a contradiction. */
    public NumberedPaging untilEmpty() {
        return new NumberedPaging(
                parameter, first, sizeParameter, actualSize, largestSize, totalPages, totalItems, nextLink, true);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
        boolean empty = page.items().isEmpty();
        long total = PageMetadata.number(page, totalItems);
        if (empty && !endsWhereEmpty && total > page.position()) {
            throw PageMetadata.emptyOf(page, total);
        }
        if ((empty && endsWhereEmpty) || isLast(request, page)) {
            return null;
        }
        if (empty) {
            throw PageMetadata.contradiction("page " + current(request) + " is empty and promises more");
        }
        ApiRequest<Page<T>> next = request.withQuery(parameter, current(request) + 1);
        long asked = asked(request);
        long size = Math.min(asked, cut(page, asked));
        return size == asked || sizeParameter == null ? next : next.withQuery(sizeParameter, size);
    }

    private boolean isLast(ApiRequest<?> request, Page<?> page) {
        int items = page.items().size();
        long size = size(request, page);
        long behind = current(request) - first + 1;
        long pages = PageMetadata.number(page, totalPages);
        if (pages >= 0) {
            return behind >= pages;
        }
        JsonNode link = nextLink == null ? null : PageMetadata.member(page, nextLink);
        if (link != null && !link.isMissingNode()) {
            return link.isNull();
        }
        long total = PageMetadata.number(page, totalItems);
        if (total >= 0) {
            return page.position() + items >= total || (size > 0 && behind * size >= total);
        }
        return items == 0 || items < size || (link != null && size <= 0);
    }

    private long current(ApiRequest<?> request) {
        return PageMetadata.number(request.queryValue(parameter), first);
    }

    private long asked(ApiRequest<?> request) {
        return sizeParameter == null ? 0 : PageMetadata.number(request.queryValue(sizeParameter), 0);
    }

    /**
     * Returns the page size after the server's limit; a page with more items than the announced limit was not cut to
     * it.
     */
    private long cut(Page<?> page, long asked) {
        long largest = PageMetadata.number(page, largestSize);
        return largest > 0 && page.items().size() <= largest ? largest : asked;
    }

    /** Returns the page size, or 0 if unknown. A size that no Java list could hold is ignored. */
    private long size(ApiRequest<?> request, Page<?> page) {
        long actual = PageMetadata.number(page, actualSize);
        long asked = asked(request);
        return actual > 0 && actual <= Integer.MAX_VALUE ? actual : Math.min(asked, cut(page, asked));
    }

    @Override
    public List<String> parameters() {
        return sizeParameter == null ? List.of(parameter) : List.of(parameter, sizeParameter);
    }

    @Override
    public long startOf(ApiRequest<?> request, Page<?> page) {
        long size = size(request, page);
        return Math.max(0, current(request) - first)
                * (size > 0 ? size : page.items().size());
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return PageMetadata.total(page, totalItems);
    }

    @Override
    public long promiseOf(ApiRequest<?> request, Page<?> page) {
        long total = PageMetadata.number(page, totalItems);
        long pages = PageMetadata.number(page, totalPages);
        long before = current(request) - first;
        if (total >= 0 || pages < 0 || before <= 0) {
            return total;
        }
        return pages >= before ? -1 : page.position() * pages / before;
    }
}
