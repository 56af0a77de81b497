package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses: snake_case JSON. */
final class Json {

    static final String REQUIRED = "This field is required.";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static SimulatedResponse response(int status, JsonNode body) {
        return SimulatedResponse.json(status, MAPPER.writeValueAsString(body));
    }

    /** Returns UTC in ISO form, like the connector's timestamps. The precision of seconds is undocumented. */
    static String timestamp(Clock clock) {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static ObjectNode requestBody(LoggedRequest request) {
        try {
            return parse(request.body());
        } catch (JacksonException e) {
            throw Refusal.undocumented(400, "JSON parse error");
        } catch (IllegalArgumentException e) {
            throw Refusal.undocumented(400, "Invalid data. Expected a dictionary.");
        }
    }

    /**
     * Parses an object. Throws {@link JacksonException} if the text is not JSON, {@link IllegalArgumentException} if it
     * is not an object.
     */
    static ObjectNode parse(String json) {
        if (MAPPER.readTree(json) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("json: " + json + " (expected: an object)");
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
