package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.parts.JsonText;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses: snake_case JSON. */
final class Json extends JsonText {

    static final String REQUIRED = "This field is required.";

    private Json() {}

    static ObjectNode requestBody(LoggedRequest request) {
        return parsed(
                request.body(),
                ObjectNode.class,
                () -> Refusal.undocumented(400, "JSON parse error"),
                () -> Refusal.undocumented(400, "Invalid data. Expected a dictionary."));
    }

    /** Parses the JSON that a test passes. */
    static ObjectNode contentOf(String json) {
        Supplier<IllegalArgumentException> wrong =
                () -> new IllegalArgumentException("json: " + json + " (expected: an object)");
        return parsed(json, ObjectNode.class, wrong, wrong);
    }

    static String text(JsonNode body, String member) {
        JsonNode value = body.get(member);
        if (value == null || !value.isString() || value.stringValue().isBlank()) {
            throw Refusal.field(member, REQUIRED);
        }
        return value.stringValue();
    }

    /** Returns an id in a body, which may be a string or a number. */
    static String id(JsonNode body, String member) {
        JsonNode value = body.get(member);
        return value != null && value.isIntegralNumber() ? value.toString() : text(body, member);
    }
}
