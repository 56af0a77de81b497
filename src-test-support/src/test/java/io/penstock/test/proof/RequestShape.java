package io.penstock.test.proof;

import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Probe;
import io.penstock.request.RetryClass;
import java.util.Map;
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
    GET;

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
        return this != GET;
    }

    /** What the server answers when nothing goes wrong. */
    Answer success() {
        return switch (this) {
            case POST_UNKEYED, POST_PROBED, POST_KEYED, POST_KEYED_IN_BODY -> Answer.CREATED;
            case PUT, GET -> Answer.OK;
            case DELETE -> Answer.NO_CONTENT;
        };
    }
}
