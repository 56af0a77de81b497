package io.penstock.spec;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What lists of an API look like, and how they go on.
 *
 * @param paths how the paths of these lists end; empty for all lists that no other form names
 * @param payload how the items stand in an answer
 * @param paging how the next page is asked for
 * @param query alternating names and values of the parameters that a request for a list has unless it gives them itself
 */
public record ListForm(List<String> paths, Payload<Page<JsonNode>> payload, Paging paging, List<String> query) {

    /** Copies the lists. */
    public ListForm {
        paths = List.copyOf(paths);
        query = List.copyOf(query);
        if (query.size() % 2 != 0) {
            throw ApiException.invalidConfiguration(
                    "query of lists: " + query + " (expected: names and values in turn)");
        }
    }

    /** The form of the lists whose paths end so; of all that no other form names where none is given. */
    public static ListForm of(Payload<Page<JsonNode>> payload, Paging paging, String... paths) {
        return new ListForm(List.of(paths), payload, paging, List.of());
    }

    /** The same form, of which every request has that parameter, with this value unless it gives another. */
    public ListForm with(String parameter, Object value) {
        List<String> more = new ArrayList<>(query);
        more.add(parameter);
        more.add(value.toString());
        return new ListForm(paths, payload, paging, more);
    }

    /** The request for the first page of such a list, of items of that class. */
    public <T> ApiRequest<Page<T>> first(ApiRequest<?> list, Class<T> item) {
        ApiRequest<Page<T>> request = list.as(payload.of(item));
        for (int i = 0; i < query.size(); i += 2) {
            if (request.queryValue(query.get(i)) == null) {
                request = request.query(query.get(i), query.get(i + 1));
            }
        }
        return request;
    }

    /** Whether it names lists at that path. */
    boolean names(String path) {
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return paths.stream().anyMatch(end -> plain.equals(end) || plain.endsWith("/" + end));
    }
}
