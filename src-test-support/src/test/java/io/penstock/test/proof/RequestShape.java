package io.penstock.test.proof;

import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Probe;
import io.penstock.request.RetryClass;
import io.penstock.upload.Upload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The requests whose effects are counted. Each is the same, byte for byte, in every case. */
enum RequestShape {
    POST_UNKEYED,
    /** Without a key, and looked for where nobody can tell what became of it. */
    POST_PROBED,
    POST_KEYED,
    POST_KEYED_IN_BODY,
    PUT,
    DELETE,
    GET,
    HEAD,
    GET_IF_CHANGED,
    /** Only the first part of the body is there: the request is never whole. */
    UPLOAD_UNKEYED,
    UPLOAD_KEYED;

    /** Those that meet a fault at every byte. */
    static List<RequestShape> bytewise() {
        return List.of(POST_UNKEYED, POST_PROBED, POST_KEYED, POST_KEYED_IN_BODY, PUT, DELETE, GET);
    }

    /** Those whose whole request is sent. */
    static List<RequestShape> whole() {
        return Stream.of(values()).filter(shape -> !shape.isUpload()).toList();
    }

    static List<RequestShape> uploads() {
        return Stream.of(values()).filter(RequestShape::isUpload).toList();
    }

    /** Whether the request is still being written when it is answered. */
    boolean isUpload() {
        return this == UPLOAD_UNKEYED || this == UPLOAD_KEYED;
    }

    private static Upload halfThere() {
        ByteBuffer half = ByteBuffer.wrap(new byte[60]);
        return Upload.stream(Flux.concat(Mono.just(half), Mono.never()), 120, "application/octet-stream");
    }

    private static final IdempotencyKey KEY = IdempotencyKey.of("nightly/2026-11-20");

    private static final Probe<JsonNode> LOOKUP = Probe.of(
            ApiRequest.get("orders/" + World.LOOKUP), found -> found.path("id").isString() ? found : null);

    ApiRequest<JsonNode> request() {
        return switch (this) {
            case POST_UNKEYED -> ApiRequest.post("orders").body(Map.of("item", "pump"));
            case POST_PROBED ->
                ApiRequest.post("orders").body(Map.of("item", "pump")).reconciledBy(LOOKUP);
            case POST_KEYED ->
                ApiRequest.post("orders").body(Map.of("item", "pump")).idempotencyKey(KEY);
            case POST_KEYED_IN_BODY ->
                ApiRequest.post("scans").body(Map.of("item", "pump")).idempotencyKey(KEY);
            case PUT -> ApiRequest.put("orders/1").body(Map.of("item", "valve"));
            case DELETE -> ApiRequest.delete("orders/1");
            case GET -> ApiRequest.get("orders/1");
            case HEAD -> ApiRequest.of(Method.HEAD, "orders/1");
            case GET_IF_CHANGED -> ApiRequest.get("orders/1").header("if-none-match", "\"1\"");
            case UPLOAD_UNKEYED -> ApiRequest.post("orders").body(halfThere());
            case UPLOAD_KEYED -> ApiRequest.post("orders").body(halfThere()).idempotencyKey(KEY);
        };
    }

    RetryClass retryClass() {
        return request().retryClass();
    }

    KeyPlacement keyPlacement() {
        return this == POST_KEYED_IN_BODY
                ? KeyPlacement.bodyMember("idempotency_key", "scans")
                : KeyPlacement.header("idempotency-key");
    }

    boolean hasEffect() {
        return this != GET && this != HEAD && this != GET_IF_CHANGED;
    }

    /** What the server answers when nothing goes wrong. */
    Answer success() {
        return switch (this) {
            case POST_UNKEYED, POST_PROBED, POST_KEYED, POST_KEYED_IN_BODY, UPLOAD_UNKEYED, UPLOAD_KEYED ->
                Answer.CREATED;
            case PUT, GET, HEAD -> Answer.OK;
            case GET_IF_CHANGED -> Answer.NOT_MODIFIED;
            case DELETE -> Answer.NO_CONTENT;
        };
    }
}
