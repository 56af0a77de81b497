package io.penstock.test;

import io.penstock.envelope.ErrorShape;
import io.penstock.test.VendorFixture.DocumentedError;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A vendor's error body in which the server echoes the caller's secret. Only the texts that choose the exception stay
 * as documented.
 */
final class Echo {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String secret;
    private final DocumentedError error;
    private final ErrorShape shape;

    private Echo(String secret, DocumentedError error, ErrorShape shape) {
        this.secret = secret;
        this.error = error;
        this.shape = shape;
    }

    static String of(String secret, DocumentedError error, ErrorShape shape) {
        try {
            JsonNode body = JSON.readTree(error.body());
            new Echo(secret, error, shape).into(body);
            return JSON.writeValueAsString(body);
        } catch (JacksonException notJson) {
            return error.body() + " " + secret;
        }
    }

    private void into(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.path(name);
                if (echoes(name, value)) {
                    object.put(name, value.asString() + " " + secret);
                } else {
                    into(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.path(i).isString()) {
                    array.set(i, array.path(i).asString() + " " + secret);
                } else {
                    into(array.path(i));
                }
            }
        }
    }

    /**
     * Returns whether the secret is appended to a member. The error code and the failure signs stay as they are,
     * because they choose the exception.
     */
    private boolean echoes(String name, JsonNode value) {
        return value.isString()
                && !value.asString().equals(error.code())
                && shape.failureSigns().stream().noneMatch(sign -> sign.member().equals(name));
    }
}
