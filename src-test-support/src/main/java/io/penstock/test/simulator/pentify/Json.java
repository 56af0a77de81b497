package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.parts.JsonText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses: snake_case JSON, timestamps in UTC with seconds (page "webhooks"). */
final class Json extends JsonText {

    private Json() {}

    static ObjectNode requestBody(LoggedRequest request) {
        return parsed(
                request.body(),
                ObjectNode.class,
                () -> Refusal.invalid("body", "not JSON"),
                () -> Refusal.invalid("body", "not an object"));
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
