package io.penstock.invicti;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.paging.CursorPaging;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.spec.ListForm;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A form of lists. The pages show several forms that have little in common, so each operation uses the form on its
 * page. A list of another form is an error, never an empty or shortened list.
 *
 * @param name the name in messages
 * @param paging the way to request the next page
 * @param markers the members beside the items that identify this form, each of which is sufficient to read the list to
 *     its end; empty if there are none
 * @param sizeParameter the query parameter for the page size, or null
 * @param searchParameter the query parameter for the search text, or null
 * @param sortParameter the query parameter for the member to sort by, or null
 */
public record ListShape(
        String name,
        Paging paging,
        List<String> markers,
        @Nullable String sizeParameter,
        @Nullable String searchParameter,
        @Nullable String sortParameter) {

    private static final String TOTAL = "totalCount";
    private static final String NEXT_PAGE = "nextPage";
    private static final String PREVIOUS_PAGE = "previousPage";

    /**
     * {@code {items,totalCount,page,pageSize}} (page "s1-handle-responses"). The names of the parameters are inferred
     * from those of the members.
     */
    public static final ListShape NUMBERED = new ListShape(
            "items, totalCount, page, pageSize",
            Paging.number("page", 1).sizedBy("pageSize").sizeAt("/pageSize").untilItem("/totalCount"),
            List.of(TOTAL, "pageSize"),
            "pageSize",
            null,
            null);

    /**
     * {@code {items,pageInfo{totalCount,pageSize,currentPage,totalPages}}} (pages "inventory-api",
     * "identity-management-api").
     */
    public static final ListShape PAGE_INFO = new ListShape(
            "items, pageInfo",
            Paging.number("pageNumber", 1)
                    .sizedBy("pageSize")
                    .untilPage("/pageInfo/totalPages")
                    .untilItem("/pageInfo/totalCount"),
            List.of("pageInfo"),
            "pageSize",
            "query",
            "sortBy");

    /** {@code {targets,totalCount,nextPage,previousPage}} (page "api-inventory-api"). */
    public static final ListShape CURSOR = new ListShape(
            "items, totalCount, nextPage, previousPage",
            Paging.cursor("cursor").endingWhereRepeated().counting("/totalCount"),
            List.of(TOTAL, NEXT_PAGE, PREVIOUS_PAGE),
            "limit",
            "search",
            "sort");

    /**
     * {@code {importers}}, {@code {instances}}, {@code {items}}: the whole list at once (pages "api-importers-api",
     * "integrations-api", "ast-import-api").
     */
    public static final ListShape WHOLE =
            new ListShape("items alone", Paging.single("/totalCount"), List.of(), null, null, null);

    /** {@code {scans,pagination{count,cursor_hash,cursors,sort}}}; inferred from the API's lineage. */
    public static final ListShape CURSOR_LIST = new ListShape(
            "items, pagination",
            Paging.cursorList("c", "/pagination/cursors", "/pagination/count"),
            List.of("pagination"),
            "l",
            "q",
            null);

    /**
     * Members that announce further pages in other forms. A form without a marker for the end would mistake such a page
     * for the last.
     */
    private static final List<String> OTHER_PAGING = List.of("pageInfo", "pagination", "pageSize");

    /** Copies the list. */
    public ListShape {
        markers = List.copyOf(markers);
    }

    /** Returns the payload for a response of this form. */
    <T> Payload<Page<T>> payload(List<String> members, Class<T> item) {
        Payload<Page<T>> list =
                Payload.page(item, members, List.of(NEXT_PAGE)).besideAnyOf(markers.toArray(String[]::new));
        if (paging instanceof CursorPaging) {
            return list.notBeside(OTHER_PAGING.toArray(String[]::new));
        }
        if (paging.parameters().isEmpty()) {
            return list.notBeside(
                    Stream.concat(OTHER_PAGING.stream(), Stream.of(NEXT_PAGE)).toArray(String[]::new));
        }
        // Several forms have a total; the members of other forms tell them apart.
        return markers.contains(TOTAL) ? list.notBeside("pageInfo", "pagination", NEXT_PAGE, PREVIOUS_PAGE) : list;
    }

    /** Returns the lists of this form at these paths, for callers who specify no form. */
    ListForm at(String... paths) {
        ListForm form = ListForm.of(payload(List.of(), JsonNode.class), paging, paths);
        return paging instanceof CursorPaging cursor ? form.with(cursor.parameter(), 0) : form;
    }

    /** Returns the request for the first page. */
    <T> ApiRequest<Page<T>> first(String path, String member, Class<T> item, ListQuery query) {
        ApiRequest<Page<T>> request = ApiRequest.get(path).as(payload(List.of(member), item));
        if (paging instanceof CursorPaging cursor) {
            // Page "api-inventory-api": the cursor starts at 0. A last page that repeats its cursor is recognized only
            // if the cursor was sent.
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
}
