package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.JsonText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests and responses. */
final class Json extends JsonText {

    private Json() {}

    /** Returns a sample of the documentation. The caller may change it. */
    static ObjectNode sample(String json) {
        return (ObjectNode) parse(json);
    }

    /** Returns {@code {"<member>":[…]}}. */
    static SimulatedResponse list(String member, List<? extends JsonNode> items) {
        ObjectNode body = object();
        body.putArray(member).addAll(items);
        return ok(body);
    }

    static SimulatedResponse ok(JsonNode body) {
        return response(200, body);
    }

    /** Returns the body as a JSON object. The response to any other body is undocumented. */
    static ObjectNode requestBody(LoggedRequest request) {
        return parsed(
                request.body(),
                ObjectNode.class,
                () -> Refusal.parsing("invalid character looking for beginning of value"),
                () -> Refusal.parsing("cannot unmarshal into an object"));
    }

    /** Returns a required member. */
    static String text(ObjectNode body, String member) {
        JsonNode value = body.get(member);
        if (value == null
                || value.isNull()
                || (value.isString() && value.stringValue().isEmpty())) {
            throw Refusal.required(member);
        }
        if (!value.isString()) {
            throw Refusal.parsing("cannot unmarshal " + member + " into a string");
        }
        return value.stringValue();
    }

    /** Returns a required id, which is at least 1. */
    static long id(ObjectNode body, String member) {
        Long value = idOrNull(body, member);
        if (value == null) {
            throw Refusal.required(member);
        }
        return value;
    }

    static @Nullable Long idOrNull(ObjectNode body, String member) {
        JsonNode value = body.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw Refusal.parsing("cannot unmarshal " + member + " into a uint64");
        }
        if (value.longValue() < 1) {
            throw Refusal.outOfRange("min", 1, value.longValue());
        }
        return value.longValue();
    }

    static boolean flag(ObjectNode body, String member) {
        JsonNode value = body.get(member);
        if (value == null || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw Refusal.parsing("cannot unmarshal " + member + " into a bool");
        }
        return value.booleanValue();
    }

    /** Copies a member as it was sent, or as {@code null} if it is absent. */
    static void copy(ObjectNode from, String member, ObjectNode to) {
        JsonNode value = from.get(member);
        if (value == null) {
            to.putNull(member);
        } else {
            to.set(member, value);
        }
    }
}
