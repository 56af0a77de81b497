package io.penstock.error;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One error that the server reports for one field of the request.
 *
 * @param field the field as the server names it, or null if it names none
 * @param code the machine-readable code, or null if the vendor has none
 * @param message the server's text, or null if it sent none
 * @param more the other members of the error, such as the maximum length, or the position in a bulk request
 */
public record FieldError(
        @Nullable String field,
        @Nullable String code,
        @Nullable String message,
        Map<String, JsonNode> more) {

    /** Copies the map. */
    public FieldError {
        more = Map.copyOf(more);
    }

    /** Returns field, code and message, and only the names of the other members: their values may be sensitive. */
    @Override
    public String toString() {
        return "FieldError[field=" + field + ", code=" + code + ", message=" + message + ", more="
                + new TreeSet<>(more.keySet()) + "]";
    }
}
