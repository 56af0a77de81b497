package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an API hands out a long list: a value of a vendor's spec, and a pure function from one page to the request for the
 * next. {@link Pages} walks by it. A server that goes round in circles, or that promises more and gives nothing, is an error
 * and no endless loop.
 *
 * <p>What a walk can promise while the list changes under it:
 *
 * <table>
 * <caption>Items that were there all the time</caption>
 * <tr><th>strategy</th><th>something is inserted before the place that is read</th><th>something is deleted there</th></tr>
 * <tr><td>cursor</td><td>each comes once</td><td>each comes once</td></tr>
 * <tr><td>number, offset</td><td>those that move back over the border of a page come twice</td>
 *     <td>those that move forward over it are left out</td></tr>
 * </table>
 *
 * <p>For cursors that holds as far as the server's cursors name a place in the list's order, and not a number of items. No
 * client can do better: where numbers count, sort by what does not change, or read again.
 */
public sealed interface Paging permits SinglePaging, CursorPaging, CursorListPaging, NumberedPaging, OffsetPaging {

    /**
     * The request for the next page, or null after the last.
     *
     * @param request the request that gave the page
     * @param page the page at its place: {@link Page#position()} counts
     * @throws io.penstock.error.ApiException UNDECODABLE if the page contradicts itself or repeats the cursor that was just sent
     */
    <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page);

    /** The query parameters that say which page is meant, and that differ from page to page. */
    List<String> parameters();

    /** How many items come before a page that a walk begins with, as far as its request tells. */
    default long startOf(ApiRequest<?> request, Page<?> page) {
        return 0;
    }

    /** How many items a page says that the list has, or null where it does not. */
    @Nullable
    Long totalOf(Page<?> page);

    /** How many items there can be at most if the page is right, where items are reached by counting; -1 where that is open. */
    default long promiseOf(ApiRequest<?> request, Page<?> page) {
        return -1;
    }

    /** The cursor that a request sends, or null where there is none. */
    default @Nullable String cursorOf(ApiRequest<?> request) {
        return null;
    }

    /** The whole list at once, in an object or as a bare array. */
    static Paging single() {
        return new SinglePaging(null);
    }

    /**
     * Describes a list that comes whole and says how many items it has; fewer items than that are an error.
     *
     * @param totalPointer points at the number of all items, beside the items
     * @throws io.penstock.error.ApiException INVALID_CONFIGURATION if the pointer is none
     */
    static Paging single(String totalPointer) {
        return new SinglePaging(totalPointer);
    }

    /** The page names the cursor of the next (see {@link io.penstock.body.Payload#page}); it ends where it names none. */
    static CursorPaging cursor(String parameter) {
        return new CursorPaging(parameter, false, null, null);
    }

    /** The page lists the cursors it knows, the first of them for itself; the next page's is behind the one just sent. */
    static CursorListPaging cursorList(String parameter, String pointer) {
        return new CursorListPaging(parameter, pointer, null);
    }

    /** Pages are numbered; where the last is, is told by {@link NumberedPaging}'s members, as far as the API has them. */
    static NumberedPaging number(String parameter, int first) {
        return new NumberedPaging(parameter, first, null, null, null, null, null, null, false);
    }

    /** Items are counted off. */
    static Paging offset(String offsetParameter, String limitParameter, String totalPointer) {
        return new OffsetPaging(offsetParameter, limitParameter, totalPointer);
    }
}
