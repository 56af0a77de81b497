package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an operation that succeeded says; each member may be missing, and the whole answer too.
 *
 * @param id of what was made or changed
 * @param message a text for people
 * @param msg a text for people, beside or in place of {@code message}
 * @param data what was made or changed
 * @param more every other member, {@code status} among them, as the server sent it
 * @param <T> what {@code data} holds
 */
public record Result<T>(
        @Nullable String id,
        @Nullable String message,
        @Nullable String msg,
        @Nullable T data,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Result {
        more = Map.copyOf(more);
    }

    /** The first of {@code message} and {@code msg} that is not blank; null where neither says anything. */
    public @Nullable String text() {
        return message != null && !message.isBlank() ? message : msg != null && !msg.isBlank() ? msg : null;
    }
}
