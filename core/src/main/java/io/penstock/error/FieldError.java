package io.penstock.error;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One complaint of the server about one field of the request.
 *
 * @param field the field as the server names it, or null if it names none
 * @param code the machine code, where the vendor has one
 * @param message the server's text, where it has one
 * @param more what else it tells, such as the longest length, or the position in a bulk request
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

    /** Field, code and message, and of the other members the names: their values may hold what nobody should log. */
    @Override
    public String toString() {
        return "FieldError[field=" + field + ", code=" + code + ", message=" + message + ", more="
                + new TreeSet<>(more.keySet()) + "]";
    }
}
