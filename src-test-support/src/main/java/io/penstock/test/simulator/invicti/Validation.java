package io.penstock.test.simulator.invicti;

import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects the details of a 400 in the order of the checks; codes and messages as the documented sample has them. */
final class Validation {

    private final ObjectNode body;
    private final ArrayNode details = Json.array();

    Validation(ObjectNode body) {
        this.body = body;
    }

    /** A non-blank string; anything else counts as missing, for no other code is known. */
    Validation required(String field) {
        String value = Json.text(body.get(field));
        if (value == null || value.isBlank()) {
            details.add(missing(field));
        }
        return this;
    }

    Validation atMost(String field, int maxLength) {
        String value = Json.text(body.get(field));
        if (value != null && value.length() > maxLength) {
            details.add(tooLong(field, maxLength, value.length()));
        }
        return this;
    }

    /** @throws Refusal if a check has failed */
    void check() {
        if (!details.isEmpty()) {
            throw Refusal.validation(details);
        }
    }

    /** Literally the documented sample's details. */
    static ArrayNode sample() {
        return Json.array().add(missing("url")).add(tooLong("name", 100, 150));
    }

    static ObjectNode missing(String field) {
        return Json.object()
                .put("field", field)
                .put("code", "REQUIRED")
                .put("message", display(field) + " is required");
    }

    private static ObjectNode tooLong(String field, int maxLength, int providedLength) {
        return Json.object()
                .put("field", field)
                .put("code", "TOO_LONG")
                .put("message", display(field) + " must be " + maxLength + " characters or less")
                .put("maxLength", maxLength)
                .put("providedLength", providedLength);
    }

    private static String display(String field) {
        return field.equals("url") ? "URL" : field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
    }
}
