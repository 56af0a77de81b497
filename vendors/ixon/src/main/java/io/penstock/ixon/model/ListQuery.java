package io.penstock.ixon.model;

import io.penstock.error.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which part of a list to ask for, and what of each row. {@code page-size} is what public clients send; the
 * contract does not have it.
 *
 * @param pageSize rows per page; 0 for the server's own, about 20. The largest is not documented, clients ask for 4000
 * @param fields members such as {@code name}, {@code agent.name}, {@code agent(publicId,name)} or {@code *} for all of the
 *     top level; empty for the server's minimal set
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

    /** Everything, as the server cuts it. */
    public static ListQuery all() {
        return new ListQuery(0, List.of(), List.of());
    }

    /** The same, with that many rows in a page. */
    public ListQuery pageSize(int rows) {
        return new ListQuery(rows, fields, filters);
    }

    /** The same, with these members of each row. */
    public ListQuery fields(String... members) {
        return new ListQuery(pageSize, List.of(members), filters);
    }

    /** The same, with one more filter. */
    public ListQuery filter(String filter) {
        List<String> more = new ArrayList<>(filters);
        more.add(filter);
        return new ListQuery(pageSize, fields, more);
    }
}
