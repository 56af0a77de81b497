package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static ObjectNode reference(String publicId) {
        return object().put("publicId", publicId);
    }

    static SimulatedResponse response(int status, JsonNode body) {
        return SimulatedResponse.json(status, MAPPER.writeValueAsString(body));
    }

    /** Returns the ISO form in UTC with seconds, as in the samples. */
    static String timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Parses an object. It is undocumented that a missing body is an empty object. */
    static ObjectNode objectBody(String body) {
        if (body.isEmpty()) {
            return object();
        }
        if (!(parse(body) instanceof ObjectNode object)) {
            throw Refusal.invalid(Refusal.INVALID, null);
        }
        return object;
    }

    static ArrayNode arrayBody(String body) {
        if (!(parse(body) instanceof ArrayNode array)) {
            throw Refusal.invalid(Refusal.INVALID, null);
        }
        return array;
    }

    /** Parses the JSON that a test passes. */
    static ObjectNode contentOf(String json) {
        try {
            return objectBody(json);
        } catch (Refusal e) {
            throw new IllegalArgumentException("json: " + json + " (expected: an object)", e);
        }
    }

    /** Returns the string at a path of members, such as {@code source.publicId}; {@code null} if there is none. */
    static @Nullable String text(JsonNode node, String path) {
        JsonNode at = node;
        for (String member : path.split("\\.", -1)) {
            at = at.path(member);
        }
        return at.isString() ? at.stringValue() : null;
    }

    static String requiredText(JsonNode node, String path) {
        String text = text(node, path);
        if (text == null) {
            throw Refusal.invalid(Refusal.REQUIRED, path);
        }
        return text;
    }

    private static JsonNode parse(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw Refusal.invalid(Refusal.INVALID, null);
        }
    }
}
