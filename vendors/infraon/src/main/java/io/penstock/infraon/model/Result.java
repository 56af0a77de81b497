package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The response to an operation that succeeded. Each member may be missing, and so may the whole response.
 *
 * @param id the id of the created or changed object
 * @param message a text for people
 * @param msg a text for people, beside or in place of {@code message}
 * @param data the created or changed object
 * @param more every other member, including {@code status}, as the server sent it
 * @param <T> the type of {@code data}
 */
public record Result<T>(
        @Nullable String id,
        @Nullable String message,
        @Nullable String msg,
        @Nullable T data,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Result {
        more = Map.copyOf(more);
    }

    /** Returns the first of {@code message} and {@code msg} that is not blank, or null if there is none. */
    public @Nullable String text() {
        return message != null && !message.isBlank() ? message : msg != null && !msg.isBlank() ? msg : null;
    }
}
