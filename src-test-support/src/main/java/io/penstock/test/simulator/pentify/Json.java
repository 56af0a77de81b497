package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses: snake_case JSON, timestamps in UTC with seconds (page "webhooks"). */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static SimulatedResponse response(int status, JsonNode body) {
        return SimulatedResponse.json(status, MAPPER.writeValueAsString(body));
    }

    static String timestamp(Clock clock) {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static ObjectNode requestBody(LoggedRequest request) {
        JsonNode body;
        try {
            body = MAPPER.readTree(request.body());
        } catch (JacksonException e) {
            throw Refusal.invalid("body", "not JSON");
        }
        if (!(body instanceof ObjectNode object)) {
            throw Refusal.invalid("body", "not an object");
        }
        return object;
    }

    static String text(ObjectNode body, String member) {
        JsonNode value = body.get(member);
        if (value == null) {
            throw Refusal.invalid(member, "required");
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            throw Refusal.invalid(member, "not a non-blank string");
        }
        return value.stringValue();
    }
}
