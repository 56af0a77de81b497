package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.JsonText;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses. */
final class Json extends JsonText {

    private Json() {}

    static ObjectNode reference(String publicId) {
        return object().put("publicId", publicId);
    }

    /** Parses an object. It is undocumented that a missing body is an empty object. */
    static ObjectNode objectBody(String body) {
        return body.isEmpty() ? object() : parsed(body, ObjectNode.class);
    }

    static ArrayNode arrayBody(String body) {
        return parsed(body, ArrayNode.class);
    }

    private static <T extends JsonNode> T parsed(String body, Class<T> type) {
        Supplier<Refusal> invalid = () -> Refusal.invalid(Refusal.INVALID, null);
        return parsed(body, type, invalid, invalid);
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
}
