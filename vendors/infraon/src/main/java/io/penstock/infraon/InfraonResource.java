package io.penstock.infraon;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.http.Method;
import io.penstock.infraon.model.ListQuery;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The operations on {@code /ux/<path>/} as trees. Most modules in the guide's menu have the same five operations, and
 * their members are not documented. Each {@code Mono} is empty if the response has no body, as with conversations.
 *
 * <p>Reads and deletions are retried where that can help; a POST only if no byte of it was written. A PUT is not
 * retried: it replaces the whole object, so the object must be read again first.
 */
public final class InfraonResource {

    private final ApiClient client;
    private final String list;
    private final Map<String, String> parents;

    /**
     * Creates the operations on a list.
     *
     * @param list the path of the list, with its trailing slash
     * @param parents the values of the placeholders in that path
     */
    InfraonResource(ApiClient client, String list, Map<String, String> parents) {
        this.client = client;
        this.list = list;
        this.parents = parents;
    }

    /** Returns the objects, page by page from the requested one. A response without a body is a page without rows. */
    public Pages<JsonNode> list(ListQuery query) {
        return client.pages(listing(query, InfraonVendor.ROWS.orEmpty()), InfraonVendor.PAGES);
    }

    /** Returns the objects as rows whose members are documented. The response must contain a list. */
    <T> Pages<T> rows(ListQuery query, Class<T> row) {
        return client.pages(listing(query, InfraonVendor.ROWS.of(row)), InfraonVendor.PAGES);
    }

    /** Emits one object. */
    public Mono<JsonNode> get(String id) {
        return client.value(one(Method.GET, id));
    }

    /** Creates an object from a record, a map or a tree. */
    public Mono<JsonNode> create(Object members) {
        return client.value(adding(members));
    }

    /** Replaces an object. Members that are missing in the new object are lost. */
    public Mono<JsonNode> update(String id, Object members) {
        return client.value(replacing(id, members, Payload.tree()));
    }

    /**
     * Deletes an object. A response that the object does not exist counts as success if an earlier attempt of the same
     * call may have deleted it; otherwise it is NOT_FOUND.
     */
    public Mono<Void> delete(String id) {
        return client.value(one(Method.DELETE, id).as(Payload.none()));
    }

    private <T> ApiRequest<T> listing(ListQuery query, Payload<T> payload) {
        ApiRequest<JsonNode> request = request(Method.GET, list)
                .query("page", query.page())
                .query("items_per_page", query.itemsPerPage())
                .query("sort", query.sort())
                .query("reverse", query.reverse());
        Map<String, ?> filters = query.filters();
        return (filters == null ? request : request.body(Map.of("filters", filters))).as(payload);
    }

    ApiRequest<JsonNode> one(Method method, String id) {
        return request(method, list + "{id}/").path("id", id);
    }

    <T> ApiRequest<T> replacing(String id, Object members, Payload<T> payload) {
        return one(Method.PUT, id).body(members).unsafe().as(payload);
    }

    ApiRequest<JsonNode> adding(Object members) {
        return request(Method.POST, list).body(members);
    }

    private ApiRequest<JsonNode> request(Method method, String path) {
        ApiRequest<JsonNode> request = ApiRequest.of(method, path);
        for (Map.Entry<String, String> parent : parents.entrySet()) {
            request = request.path(parent.getKey(), parent.getValue());
        }
        return request;
    }
}
