package io.penstock.test.simulator.invicti;

import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The details of a 400 in the order of the checks, with the codes and messages of the documented sample. */
final class Validation {

    private final ObjectNode body;
    private final ArrayNode details = Json.array();

    Validation(ObjectNode body) {
        this.body = body;
    }

    /** Requires a non-blank string. Any other value counts as missing because no other code is known. */
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

    /**
     * Fails if a check has failed.
     *
     * @throws Refusal if a check has failed
     */
    void check() {
        if (!details.isEmpty()) {
            throw Refusal.validation(details);
        }
    }

    /** Returns the details of the documented sample, literally. */
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
