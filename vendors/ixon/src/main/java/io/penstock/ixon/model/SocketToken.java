package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A token that opens a WebSocket (pages "how-to-set-up-a-real-time-data-stream", "change-notification-system-cns").
 *
 * @param secretId the token itself
 * @param more every other member, as the server sent it
 */
public record SocketToken(
        @Nullable Secret secretId, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public SocketToken {
        more = Map.copyOf(more);
    }
}
