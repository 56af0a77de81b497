package io.penstock.spec;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.http.PathPattern;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The form of an API's lists and the way they are paged.
 *
 * @param paths the paths of these lists, as in a request: below the base URI, or from the root of its origin with a leading
 *     slash; <code>{id}</code> stands for any segment, <code>**</code> at the beginning or the end for any number of them. Empty
 *     for all lists that no other form names
 * @param payload the place of the items in a response
 * @param paging how the next page is requested
 * @param query alternating names and values of default query parameters; a request's own values take precedence
 */
public record ListForm(List<String> paths, Payload<Page<JsonNode>> payload, Paging paging, List<String> query) {

    /** Copies the lists; throws an {@link ApiException} of kind INVALID_CONFIGURATION for a name without a value. */
    public ListForm {
        paths = List.copyOf(paths);
        paths.forEach(path -> PathPattern.check("paths of lists", path));
        query = List.copyOf(query);
        if (query.size() % 2 != 0) {
            throw ApiException.invalidConfiguration(
                    "query of lists: " + query + " (expected: names and values in turn)");
        }
    }

    /** Returns a form for the lists with these paths; without any, for all lists that no other form names. */
    public static ListForm of(Payload<Page<JsonNode>> payload, Paging paging, String... paths) {
        return new ListForm(List.of(paths), payload, paging, List.of());
    }

    /** Returns a copy that adds a default query parameter to every request. */
    public ListForm with(String parameter, Object value) {
        List<String> more = new ArrayList<>(query);
        more.add(parameter);
        more.add(value.toString());
        return new ListForm(paths, payload, paging, more);
    }

    /** Returns the request for the first page of a list, with items of the given class. */
    public <T> ApiRequest<Page<T>> first(ApiRequest<?> list, Class<T> item) {
        ApiRequest<Page<T>> request = list.as(payload.of(item));
        for (int i = 0; i < query.size(); i += 2) {
            if (request.queryValue(query.get(i)) == null) {
                request = request.query(query.get(i), query.get(i + 1));
            }
        }
        return request;
    }

    /** Returns whether the form names the list at a path from the root of the origin. */
    boolean names(String path, URI base) {
        return paths.stream()
                .anyMatch(each -> PathPattern.of("paths of lists", each, base).matches(path));
    }
}
