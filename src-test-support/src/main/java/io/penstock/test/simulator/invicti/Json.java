package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
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

    static String write(JsonNode body) {
        return MAPPER.writeValueAsString(body);
    }

    static SimulatedResponse response(int status, JsonNode body) {
        return SimulatedResponse.json(status, write(body));
    }

    static ObjectNode requestBody(LoggedRequest request) {
        JsonNode body;
        try {
            body = MAPPER.readTree(request.body());
        } catch (JacksonException e) {
            throw Refusal.invalid("body", "Body is not JSON");
        }
        if (!(body instanceof ObjectNode object)) {
            throw Refusal.invalid("body", "Body is not an object");
        }
        return object;
    }

    /** Returns the value of a string; {@code null} for anything else. */
    static @Nullable String text(@Nullable JsonNode value) {
        return value != null && value.isString() ? value.stringValue() : null;
    }

    /** Returns the member of the body, or the default. */
    static JsonNode member(ObjectNode body, String name, JsonNode otherwise) {
        JsonNode value = body.get(name);
        return value == null ? otherwise : value;
    }
}
