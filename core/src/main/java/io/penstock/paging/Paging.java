package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.util.ArrayList;
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
 * client can do better: with numbers or offsets, sort by a property that does not change, or read the list again. A
 * strategy that follows links has the guarantees of what the links say.
 *
 * <p>An API that pages in another way gets a strategy of its own, as a named class: usually {@link #next} and
 * {@link #parameters}. It must not keep state between pages, because it serves many walks at a time and resumed ones. The
 * guards against endless lists, the tokens and the demand of {@link Pages} work for it as for the built-in ones.
 */
public interface Paging {

    /**
     * The response that a page came in.
     *
     * @param uri the address that the page was requested at
     * @param headers the headers of the response
     */
    record Head(URI uri, Headers headers) {}

    /**
     * A strategy whose pages hold the address of the next one, in a header or in the body.
     *
     * <p>The address is resolved against that of the page (RFC 3986 §5.2). The next request has the method, the headers and the
     * body of the first one, and its credential. So a link to another origin fails with {@code UNDECODABLE}: to follow it would
     * hand the credential to any host that a page names. Only the scheme may differ: an {@code http} link of an {@code https} API,
     * as servers behind a proxy send it, is followed with {@code https}. If the links of an API name a host that is known only
     * behind its proxy, use {@link #byQueryAlone()}.
     */
    interface ByLink extends Paging {

        /**
         * Returns a copy that takes only the query of a link, wherever the link leads: the path stays that of the first
         * request, and the origin the API's.
         */
        ByLink byQueryAlone();

        /** Returns a copy for pages that give the total number of items. */
        ByLink counting(String pointer);
    }

    /**
     * Returns the request for the next page, or null after the last.
     *
     * @param request the request that returned the page
     * @param page the page at its place: its {@link Page#position()} is set
     * @param head the response that it came in
     * @throws ApiException UNDECODABLE if the page contradicts itself or repeats the cursor that was just sent
     */
    <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head);

    /** Returns the query parameters that select the page, and that differ from page to page. */
    List<String> parameters();

    /** Returns what a resume token keeps of a request: by default, the values of {@link #parameters}, null for a missing one. */
    default List<@Nullable String> placeOf(ApiRequest<?> request) {
        List<@Nullable String> values = new ArrayList<>(2);
        for (String parameter : parameters()) {
            values.add(request.queryValue(parameter));
        }
        return values;
    }

    /**
     * Returns the request for the page at a {@linkplain #placeOf place} of the list that begins with a request.
     *
     * @throws ApiException INVALID_REQUEST if the place is of another strategy
     */
    default <T> ApiRequest<Page<T>> at(ApiRequest<Page<T>> first, List<@Nullable String> place) {
        List<String> parameters = parameters();
        if (place.size() != parameters.size()) {
            throw ResumeToken.ofAnotherList(first);
        }
        ApiRequest<Page<T>> request = first;
        for (int i = 0; i < place.size(); i++) {
            String value = place.get(i);
            request = value == null
                    ? request.withoutQuery(parameters.get(i))
                    : request.withQuery(parameters.get(i), value);
        }
        return request;
    }

    /** Returns the number of items before the first page of a walk, as far as its request shows. */
    default long startOf(ApiRequest<?> request, Page<?> page) {
        return 0;
    }

    /** Returns the total number of items according to a page, or null if it gives none. */
    default @Nullable Long totalOf(Page<?> page) {
        return null;
    }

    /** Returns the maximum number of items according to a page, if items are reached by counting; -1 if unknown. */
    default long promiseOf(ApiRequest<?> request, Page<?> page) {
        return -1;
    }

    /**
     * Returns the cursor that a request sends, or null if there is none. A cursor that comes back is an error; where there
     * is none, a page with the items of an earlier one is.
     */
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
     * @throws ApiException INVALID_CONFIGURATION if this is no JSON pointer
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
     * @throws ApiException INVALID_CONFIGURATION if one of the two is no JSON pointer
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

    /**
     * Returns a strategy for pages whose {@code Link} header names the next one as {@code rel="next"} (RFC 8288). See
     * {@link ByLink} for where a link may lead.
     */
    static ByLink linkHeader() {
        return LinkPaging.inLinkHeader();
    }

    /** Returns a strategy for pages that hold the address of the next one in this header; without it, a page is the last. */
    static ByLink nextUrlInHeader(String header) {
        return LinkPaging.inHeader(header);
    }

    /**
     * Returns a strategy for pages that hold the address of the next one in a member; a page without it, or with null or an
     * empty text, is the last.
     *
     * @param pointer points at the address, beside the items: {@code /links/next}
     * @throws ApiException INVALID_CONFIGURATION if this is no JSON pointer
     */
    static ByLink nextUrl(String pointer) {
        return LinkPaging.inBody(pointer);
    }

    /** Returns a strategy for pages by item offset. */
    static Paging offset(String offsetParameter, String limitParameter, String totalPointer) {
        return new OffsetPaging(offsetParameter, limitParameter, totalPointer);
    }
}
