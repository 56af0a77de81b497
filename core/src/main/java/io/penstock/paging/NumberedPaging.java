package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * As {@link Paging#number(String, int)}. The last page is the one that the number of pages names; else the one whose link to
 * a next one is null; else the one that reaches the number of items; else one with fewer items than were asked for.
 *
 * @param parameter the query parameter that takes the number
 * @param first the first page's number
 * @param sizeParameter the query parameter that takes the size of a page, or null
 * @param actualSize where the size that the server made its pages of is, or null; a server may give less than was asked
 * @param largestSize where the largest size that the server makes pages of is, or null; later requests ask for no more
 * @param totalPages where the number of pages is, beside the items, or null
 * @param totalItems where the number of all items is, or null
 * @param nextLink a member that is null on the last page, or null; what it holds is not followed
 * @param endsWhereEmpty whether an empty page is the end, whatever stands beside it
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

    /** Checks the pointers: {@link io.penstock.error.ApiException} of kind INVALID_CONFIGURATION. */
    public NumberedPaging {
        Beside.checkPointer("actualSize", actualSize);
        Beside.checkPointer("largestSize", largestSize);
        Beside.checkPointer("totalPages", totalPages);
        Beside.checkPointer("totalItems", totalItems);
        Beside.checkPointer("nextLink", nextLink);
    }

    /** The same, where pages of another size can be asked for. */
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

    /** The same, where a page tells of what size the pages are. */
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

    /** The same, where a page tells of what size pages can be at most, so that a page which was cut is not taken for short. */
    public NumberedPaging atMost(String pointer) {
        return new NumberedPaging(
                parameter, first, sizeParameter, actualSize, pointer, totalPages, totalItems, nextLink, endsWhereEmpty);
    }

    /** The same, where a page tells how many pages there are. */
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

    /** The same, where a page tells how many items there are in all. */
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

    /** The same, where a member is null on the last page. */
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

    /** The same, where an empty page is the end and no contradiction. */
    public NumberedPaging untilEmpty() {
        return new NumberedPaging(
                parameter, first, sizeParameter, actualSize, largestSize, totalPages, totalItems, nextLink, true);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page) {
        boolean empty = page.items().isEmpty();
        long total = Beside.number(page, totalItems);
        if (empty && !endsWhereEmpty && total > page.position()) {
            throw Beside.emptyOf(page, total);
        }
        if ((empty && endsWhereEmpty) || isLast(request, page)) {
            return null;
        }
        if (empty) {
            throw Beside.contradiction("page " + current(request) + " is empty and promises more");
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
        long pages = Beside.number(page, totalPages);
        if (pages >= 0) {
            return behind >= pages;
        }
        JsonNode link = nextLink == null ? null : Beside.member(page, nextLink);
        if (link != null && !link.isMissingNode()) {
            return link.isNull();
        }
        long total = Beside.number(page, totalItems);
        if (total >= 0) {
            return page.position() + items >= total || (size > 0 && behind * size >= total);
        }
        return items == 0 || items < size || (link != null && size <= 0);
    }

    private long current(ApiRequest<?> request) {
        return Beside.number(request.queryValue(parameter), first);
    }

    private long asked(ApiRequest<?> request) {
        return sizeParameter == null ? 0 : Beside.number(request.queryValue(sizeParameter), 0);
    }

    /** A page with more items than the announced limit was not cut to it. */
    private long cut(Page<?> page, long asked) {
        long largest = Beside.number(page, largestSize);
        return largest > 0 && page.items().size() <= largest ? largest : asked;
    }

    /** 0 where nothing is known of it; what no list of Java could hold is no size. */
    private long size(ApiRequest<?> request, Page<?> page) {
        long actual = Beside.number(page, actualSize);
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
        return Beside.total(page, totalItems);
    }

    @Override
    public long promiseOf(ApiRequest<?> request, Page<?> page) {
        long total = Beside.number(page, totalItems);
        long pages = Beside.number(page, totalPages);
        long before = current(request) - first;
        if (total >= 0 || pages < 0 || before <= 0) {
            return total;
        }
        return pages >= before ? -1 : page.position() * pages / before;
    }
}
