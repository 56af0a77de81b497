package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.parts.JsonText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses. */
final class Json extends JsonText {

    private Json() {}

    static ObjectNode requestBody(LoggedRequest request) {
        return parsed(
                request.body(),
                ObjectNode.class,
                () -> Refusal.invalid("body", "Body is not JSON"),
                () -> Refusal.invalid("body", "Body is not an object"));
    }

    /** Returns the member of the body, or the default. */
    static JsonNode member(ObjectNode body, String name, JsonNode otherwise) {
        JsonNode value = body.get(name);
        return value == null ? otherwise : value;
    }
}
