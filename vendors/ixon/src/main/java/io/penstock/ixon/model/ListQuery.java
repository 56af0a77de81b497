package io.penstock.ixon.model;

import io.penstock.error.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * A selection of rows and members from a list. The public clients send {@code page-size}; the contract does not have
 * it.
 *
 * @param pageSize the number of rows per page; 0 for the server's default, about 20. The maximum is not documented;
 *     clients request 4000
 * @param fields members such as {@code name}, {@code agent.name}, {@code agent(publicId,name)} or {@code *} for all
 *     members at the top level; empty for the server's minimal set
 * @param filters {@code operator(column,value)} with texts in double quotes, such as {@code eq(publicId,"…")}
 */
public record ListQuery(int pageSize, List<String> fields, List<String> filters) {

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
        return new ListQuery(0, List.of(), List.of());
    }

    /** Returns a copy with another page size. */
    public ListQuery pageSize(int rows) {
        return new ListQuery(rows, fields, filters);
    }

    /** Returns a copy that requests these members of each row. */
    public ListQuery fields(String... members) {
        return new ListQuery(pageSize, List.of(members), filters);
    }

    /** Returns a copy with a further filter. */
    public ListQuery filter(String filter) {
        List<String> more = new ArrayList<>(filters);
        more.add(filter);
        return new ListQuery(pageSize, fields, more);
    }
}
