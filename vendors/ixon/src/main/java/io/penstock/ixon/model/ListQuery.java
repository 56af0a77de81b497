package io.penstock.ixon.model;

import io.penstock.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A selection of rows and members from a list. The public clients send {@code page-size} and {@code page-after}; the
 * contract does not have them.
 *
 * @param pageSize the number of rows per page; 0 for the server's default, about 20. The maximum is not documented;
 *     clients request 4000
 * @param fields members such as {@code name}, {@code agent.name}, {@code agent(publicId,name)} or {@code *} for all
 *     members at the top level; empty for the server's minimal set
 * @param filters {@code operator(column,value)} with texts in double quotes, such as {@code eq(publicId,"…")}
 * @param pageAfter the {@code moreAfter} of the page before the first one; null for the beginning
 */
public record ListQuery(
        int pageSize,
        List<String> fields,
        List<String> filters,
        @Nullable String pageAfter) {

    /** Checks the size and copies the lists. */
    public ListQuery {
        if (pageSize < 0) {
            throw ApiException.invalidRequest(
                    "page-size: " + pageSize + " (expected: >= 1, or 0 for the server's own)");
        }
        fields = List.copyOf(fields);
        filters = List.copyOf(filters);
    }

    /** Returns a query for the whole list with the server's defaults. */
    public static ListQuery all() {
        return new ListQuery(0, List.of(), List.of(), null);
    }

    /** Returns a copy with another page size. */
    public ListQuery pageSize(int rows) {
        return new ListQuery(rows, fields, filters, pageAfter);
    }

    /** Returns a copy that requests these members of each row. */
    public ListQuery fields(String... members) {
        return new ListQuery(pageSize, List.of(members), filters, pageAfter);
    }

    /** Returns a copy with a further filter. */
    public ListQuery filter(String filter) {
        List<String> more = new ArrayList<>(filters);
        more.add(filter);
        return new ListQuery(pageSize, fields, more, pageAfter);
    }

    /** Returns a copy that begins after a page, at its {@code moreAfter}. */
    public ListQuery pageAfter(String moreAfter) {
        return new ListQuery(pageSize, fields, filters, moreAfter);
    }
}
