package io.penstock.invicti;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Page;
import io.penstock.Retryability;
import io.penstock.envelope.Payload;
import io.penstock.paging.Paging;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A form of lists. The pages show several that have little in common, so each operation has the one of its page; a list that
 * comes in another form is an error, and never an empty or a shortened list.
 *
 * @param name for messages
 * @param paging how the next page is asked for
 * @param marker the member beside the items that tells this form from others; null if there is none
 * @param total where the number of all items is, beside them; null if that is not told
 * @param sizeParameter the query parameter that takes the size of a page, or null
 * @param searchParameter the query parameter that takes what to look for, or null
 * @param sortParameter the query parameter that takes what to sort by, or null
 */
public record ListShape(
        String name,
        Paging paging,
        @Nullable String marker,
        @Nullable String total,
        @Nullable String sizeParameter,
        @Nullable String searchParameter,
        @Nullable String sortParameter) {

    /**
     * {@code {items,totalCount,page,pageSize}} (page "s1-handle-responses"). That the parameters have the members' names is
     * inferred.
     */
    public static final ListShape NUMBERED = new ListShape(
            "items, totalCount, page, pageSize",
            Paging.number("page", 1).sizedBy("pageSize").sizeAt("/pageSize").untilItem("/totalCount"),
            "pageSize",
            "/totalCount",
            "pageSize",
            null,
            null);

    /** {@code {items,pageInfo{totalCount,pageSize,currentPage,totalPages}}} (pages "inventory-api", "identity-management-api"). */
    public static final ListShape PAGE_INFO = new ListShape(
            "items, pageInfo",
            Paging.number("pageNumber", 1).sizedBy("pageSize").untilPage("/pageInfo/totalPages"),
            "pageInfo",
            "/pageInfo/totalCount",
            "pageSize",
            "query",
            "sortBy");

    /** {@code {targets,totalCount,nextPage,previousPage}} (page "api-inventory-api"). */
    public static final ListShape CURSOR = new ListShape(
            "items, totalCount, nextPage, previousPage",
            Paging.cursor("cursor").endingWhereRepeated(),
            "totalCount",
            "/totalCount",
            "limit",
            "search",
            "sort");

    /**
     * {@code {importers}}, {@code {instances}}, {@code {items}}: everything at once (pages "api-importers-api",
     * "integrations-api", "ast-import-api").
     */
    public static final ListShape WHOLE =
            new ListShape("items alone", Paging.single(), null, "/totalCount", null, null, null);

    /** {@code {scans,pagination{count,cursor_hash,cursors,sort}}}; inferred from the API's lineage. */
    public static final ListShape CURSOR_LIST = new ListShape(
            "items, pagination",
            Paging.cursorList("c", "/pagination/cursors"),
            "pagination",
            "/pagination/count",
            "l",
            "q",
            null);

    private static final String NEXT_PAGE = "nextPage";

    /** What tells of further pages in some form: a form that ends by saying nothing would take them for the end. */
    private static final List<String> OTHER_PAGING = List.of("pageInfo", NEXT_PAGE, "pagination", "pageSize");

    /** The request for the first page. */
    <T> ApiRequest<Page<T>> first(String path, String member, Class<T> item, ListQuery query) {
        ApiRequest<Page<T>> request = ApiRequest.get(path).as(Payload.page(item, List.of(member), List.of(NEXT_PAGE)));
        if (paging instanceof Paging.Cursor cursor) {
            // Page "api-inventory-api": it starts at 0. A last page that repeats its cursor is known only if it was
            // sent.
            request = request.query(cursor.parameter(), 0);
        }
        request = with(request, "pageSize", sizeParameter, query.pageSize());
        request = with(request, "search", searchParameter, query.search());
        return with(request, "sortBy", sortParameter, query.sortBy());
    }

    private <T> ApiRequest<T> with(
            ApiRequest<T> request, String what, @Nullable String parameter, @Nullable Object value) {
        if (value != null && parameter == null) {
            throw ApiException.invalidRequest(
                    what + ": " + value + " (expected: none; lists of the form \"" + name + "\" do not take it)");
        }
        return parameter == null ? request : request.query(parameter, value);
    }

    /**
     * The page, if it has this form and keeps what it promises.
     *
     * @throws ApiException UNDECODABLE if not
     */
    <T> Page<T> checked(Page<T> page) {
        if (marker != null && !page.more().containsKey(marker)) {
            throw unexpected("has no \"" + marker + "\" beside its items (expected: the form \"" + name + "\")");
        }
        boolean endsInSilence = paging instanceof Paging.Single || paging instanceof Paging.Cursor;
        for (String foreign : endsInSilence ? OTHER_PAGING : List.<String>of()) {
            if (page.more().containsKey(foreign) && !(paging instanceof Paging.Cursor && foreign.equals(NEXT_PAGE))) {
                throw unexpected("has \"" + foreign + "\" beside its items (expected: the form \"" + name + "\")");
            }
        }
        long promised = promised(page);
        if (page.items().size() < promised && (page.items().isEmpty() || paging instanceof Paging.Single)) {
            throw unexpected("has " + page.items().size() + " items of " + promised + " (expected: "
                    + (paging instanceof Paging.Single ? "all" : "some") + " of them)");
        }
        return page;
    }

    private long promised(Page<?> page) {
        JsonNode beside = JsonNodeFactory.instance.objectNode().setAll(page.more());
        return total == null ? 0 : beside.at(total).asLong(0);
    }

    static ApiException unexpected(String what) {
        return new InvictiException(Failure.of(
                ErrorKind.UNDECODABLE, Certainty.PROCESSED, Retryability.PERMANENT, "list: the answer " + what));
    }
}
