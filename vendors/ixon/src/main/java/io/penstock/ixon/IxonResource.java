package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.ixon.Contract.Operation;
import io.penstock.ixon.model.Export;
import io.penstock.ixon.model.ListQuery;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.upload.Upload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The operations that the contract publishes on one path, by {@link Ixon#resource}. A method that the contract does not
 * have on this path, or a body of another form, is rejected with INVALID_REQUEST before anything is sent. The header
 * {@code Api-Company} and the credential are sent with the operations that need them; an operation that needs a company
 * is rejected with INVALID_CONFIGURATION on an {@link Ixon} without one.
 *
 * <p>GETs, and POSTs that only read, are retried where that can help. PATCH, PUT and DELETE are also retried after a
 * lost connection. Any other POST is retried only if no byte of it was written.
 *
 * @param <T> the type of a row
 */
public final class IxonResource<T> {

    private final ApiClient client;
    private final @Nullable String company;
    private final Contract.Published path;
    private final List<String> ids;
    private final Class<T> row;

    private IxonResource(
            ApiClient client, @Nullable String company, Contract.Published path, List<String> ids, Class<T> row) {
        this.client = client;
        this.company = company;
        this.path = path;
        this.ids = ids;
        this.row = row;
    }

    static IxonResource<JsonNode> of(
            ApiClient client, @Nullable String company, Contract.Published path, List<String> ids) {
        List<String> names = path.placeholders();
        if (names.size() != ids.size()) {
            throw ApiException.invalidRequest("ids of " + path.path() + ": " + ids.size() + " (expected: "
                    + names.size() + (names.isEmpty() ? "" : ": " + String.join(", ", names)) + ")");
        }
        return new IxonResource<>(client, company, path, ids, JsonNode.class);
    }

    /** Returns the same operations with rows of another type, usually a record. */
    public <R> IxonResource<R> as(Class<R> newRow) {
        return new IxonResource<>(client, company, path, ids, newRow);
    }

    /** Returns the rows, page by page (GET). Filters are rejected where the contract has none. */
    public Pages<T> list(ListQuery query) {
        return client.pages(listing(query), row);
    }

    ApiRequest<JsonNode> listing(ListQuery query) {
        Operation operation = path.operation(Method.GET);
        if (!operation.data().equals("list")) {
            throw ApiException.invalidRequest(operation + ": not a list (expected: get)");
        }
        if (!query.filters().isEmpty() && !operation.flags().contains("filters")) {
            throw ApiException.invalidRequest(
                    "filters of " + operation + ": " + query.filters() + " (expected: none, the contract has none)");
        }
        return narrowed(request(operation), query);
    }

    /**
     * Emits the object of this path (GET).
     *
     * @param fields members such as {@code name}, or {@code *}; none for the server's minimal set
     */
    public Mono<T> get(String... fields) {
        return client.value(fields(request(path.operation(Method.GET)), List.of(fields))
                .as(Payload.json(row).inside("data")));
    }

    /**
     * Creates rows (POST) and emits them, with only their identifiers unless fields are named. A single object is a
     * list of one.
     *
     * @param body a list of maps or records where the contract has an array, otherwise a map or a record
     * @param fields members of the created rows, or {@code *}
     */
    public Mono<List<T>> create(Object body, String... fields) {
        return created(fields(sending(Method.POST, body), List.of(fields)));
    }

    /** Creates a row without a body (POST); see {@link #create(Object, String...)}. */
    public Mono<List<T>> create() {
        return created(sending(Method.POST, null));
    }

    /** Sends a POST that is answered with one object. */
    Mono<T> ask(Object body) {
        return client.value(sending(Method.POST, body).as(Payload.json(row).inside("data")));
    }

    /** Starts an action for which the contract has no result, such as the push of a configuration (POST). */
    public Mono<Void> act(Object body) {
        return client.value(sending(Method.POST, body).as(Payload.none()));
    }

    /** Starts an action without a body, such as a reboot (POST); see {@link #act(Object)}. */
    public Mono<Void> act() {
        return client.value(sending(Method.POST, null).as(Payload.none()));
    }

    /** Changes rows or the object of this path (PATCH). Each row of a list has its {@code publicId}. */
    public Mono<Void> update(Object body) {
        return client.value(sending(Method.PATCH, body).idempotent().as(Payload.none()));
    }

    /** Changes the object of this path without a body (PATCH). */
    public Mono<Void> update() {
        return client.value(sending(Method.PATCH, null).idempotent().as(Payload.none()));
    }

    /** Replaces rows or the object of this path (PUT). */
    public Mono<Void> replace(Object body) {
        return client.value(sending(Method.PUT, body).as(Payload.none()));
    }

    /** Replaces the object of this path without a body (PUT). */
    public Mono<Void> replace() {
        return client.value(sending(Method.PUT, null).as(Payload.none()));
    }

    /** Deletes rows by their identifiers (DELETE). Rows that an earlier attempt has deleted are no error. */
    public Mono<Void> delete(List<String> publicIds) {
        return client.value(sending(Method.DELETE, references(publicIds)).as(Payload.none()))
                .onErrorResume(
                        ErrorKind.NOT_FOUND::matches, e -> isDone(e, publicIds.size()) ? Mono.empty() : Mono.error(e));
    }

    /** Deletes the object of this path (DELETE). One that an earlier attempt has deleted is no error. */
    public Mono<Void> delete() {
        return client.value(sending(Method.DELETE, null).as(Payload.none()));
    }

    /**
     * Uploads a file as it is and emits the value of {@code data} (POST). The file is read while it is sent, and must
     * not change until the call ends.
     */
    public Mono<JsonNode> upload(Path file, String mediaType) {
        return client.value(request(path.operation(Method.POST).takingFile())
                .body(Upload.file(file, mediaType))
                .as(Payload.json(JsonNode.class).inside("data")));
    }

    /** Emits the response as a file, of the media type that it has (GET). */
    public Mono<Export> export() {
        return exported(request(path.operation(Method.GET)));
    }

    /** Emits the response as a file, of the media type that it has (POST). */
    public Mono<Export> export(Object body) {
        return exported(sending(Method.POST, body));
    }

    private static ApiRequest<JsonNode> narrowed(ApiRequest<JsonNode> request, ListQuery query) {
        return fields(request, query.fields())
                .query("page-size", query.pageSize() == 0 ? null : query.pageSize())
                .query("filters", query.filters(), ListStyle.REPEATED)
                .query("page-after", query.pageAfter());
    }

    private static ApiRequest<JsonNode> fields(ApiRequest<JsonNode> request, List<String> fields) {
        return request.query("fields", fields.isEmpty() ? null : String.join(",", fields));
    }

    private Mono<Export> exported(ApiRequest<JsonNode> request) {
        return client.execute(request.as(Payload.bytes())).map(IxonResource::exported);
    }

    private static Export exported(ApiResponse<byte[]> response) {
        String type = response.headers().first("content-type");
        byte[] content = response.value();
        return new Export(type == null ? "" : type, content == null ? new byte[0] : content);
    }

    static List<Map<String, String>> references(List<String> publicIds) {
        return publicIds.stream().map(id -> Map.of("publicId", id)).toList();
    }

    /** Returns whether an earlier attempt, whose response was lost, has deleted all of them. */
    private static boolean isDone(Throwable notFound, int rows) {
        return notFound instanceof ApiException e
                && e.journey().attempts().size() > 1
                && e.fieldErrors().size() == rows;
    }

    private Mono<List<T>> created(ApiRequest<JsonNode> request) {
        return client.value(request.as(IxonVendor.LISTS.payload().of(row))).map(Page::items);
    }

    private ApiRequest<JsonNode> sending(Method method, @Nullable Object body) {
        ApiRequest<JsonNode> request = request(path.operation(method).taking(body));
        return body == null ? request : request.body(body);
    }

    private ApiRequest<JsonNode> request(Operation operation) {
        ApiRequest<JsonNode> request = ApiRequest.of(operation.method(), operation.path());
        List<String> names = path.placeholders();
        for (int i = 0; i < ids.size(); i++) {
            request = request.path(names.get(i), ids.get(i));
        }
        if (operation.flags().contains("company")) {
            request = request.header(IxonHeader.COMPANY.headerName(), company(operation));
        }
        request = operation.flags().contains("token") ? request : request.anonymous();
        return operation.flags().contains("reads") ? request.idempotent() : request;
    }

    private String company(Operation operation) {
        if (company == null) {
            throw ApiException.invalidConfiguration("api-company: missing, and " + operation
                    + " needs it (expected: a call on ixon.forCompany(publicId))");
        }
        return company;
    }
}
