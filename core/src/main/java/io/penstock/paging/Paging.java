package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paging strategy of an API's lists: a value of a vendor's spec, and a pure function from one page to the request
 * for the next. {@link Pages} follows it. A server that pages in a cycle, or that promises more and returns nothing,
 * causes an error instead of an endless loop.
 *
 * <p>The guarantees of a walk while the list changes:
 *
 * <table>
 * <caption>Items that exist throughout the walk</caption>
 * <tr><th>strategy</th><th>an insertion before the current position</th><th>a deletion before the current
 * position</th></tr>
 * <tr><td>cursor</td><td>each item once</td><td>each item once</td></tr>
 * <tr><td>number, offset</td><td>items that move back across a page boundary are repeated</td>
 * <td>items that move forward across it are skipped</td></tr>
 * </table>
 *
 * <p>For cursors, this holds if the server's cursors denote a place in the list's order and not a number of items. No
 * client can do better: with numbers or offsets, sort by a property that does not change, or read the list again.
 */
public sealed interface Paging permits SinglePaging, CursorPaging, CursorListPaging, NumberedPaging, OffsetPaging {

    /**
     * Returns the request for the next page, or null after the last.
     *
     * @param request the request that returned the page
     * @param page the page at its place: its {@link Page#position()} is set
     * @throws io.penstock.error.ApiException UNDECODABLE if the page contradicts itself or repeats the cursor that was
     *     just sent
     */
    <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page);

    /** Returns the query parameters that select the page, and that differ from page to page. */
    List<String> parameters();

    /** Returns the number of items before the first page of a walk, as far as its request shows. */
    default long startOf(ApiRequest<?> request, Page<?> page) {
        return 0;
    }

    /** Returns the total number of items according to a page, or null if it gives none. */
    @Nullable
    Long totalOf(Page<?> page);

    /** Returns the maximum number of items according to a page, if items are reached by counting; -1 if unknown. */
    default long promiseOf(ApiRequest<?> request, Page<?> page) {
        return -1;
    }

    /** Returns the cursor that a request sends, or null if there is none. */
    default @Nullable String cursorOf(ApiRequest<?> request) {
        return null;
    }

    /** Returns a strategy for a list in a single response, in an object or as a bare array. */
    static Paging single() {
        return new SinglePaging(null);
    }

    /**
     * Returns a paging for a list that comes whole and says how many items it has. Fewer items than that are an error.
     *
     * @param totalPointer points at the number of all items, beside the items
     * @throws io.penstock.error.ApiException INVALID_CONFIGURATION if this is no JSON pointer
     */
    static Paging single(String totalPointer) {
        return new SinglePaging(totalPointer);
    }

    /**
     * Returns a strategy for pages that give the cursor of the next page (see {@link io.penstock.body.Payload#page}); a
     * page without one is the last.
     */
    static CursorPaging cursor(String parameter) {
        return new CursorPaging(parameter, false, null, null);
    }

    /**
     * Returns a strategy for pages that list the known cursors, starting with the first page's; the cursor of the next
     * page follows the one just sent. A list without the one just sent is an error of kind UNDECODABLE.
     */
    static Paging cursorList(String parameter, String pointer) {
        return new CursorListPaging(parameter, pointer, null);
    }

    /**
     * Returns a strategy as {@link #cursorList(String, String)} for pages that also give the total number of items.
     *
     * @throws io.penstock.error.ApiException INVALID_CONFIGURATION if one of the two is no JSON pointer
     */
    static Paging cursorList(String parameter, String pointer, String totalPointer) {
        return new CursorListPaging(parameter, pointer, totalPointer);
    }

    /**
     * Returns a strategy for numbered pages; the withers of {@link NumberedPaging} describe how the API marks the last
     * page.
     */
    static NumberedPaging number(String parameter, int first) {
        return new NumberedPaging(parameter, first);
    }

    /** Returns a strategy for pages by item offset. */
    static Paging offset(String offsetParameter, String limitParameter, String totalPointer) {
        return new OffsetPaging(offsetParameter, limitParameter, totalPointer);
    }
}
