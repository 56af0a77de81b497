package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The server's clock (contract).
 *
 * @param datetime the current time
 * @param more every other member, as the server sent it
 */
public record ServerTime(
        @Nullable Instant datetime, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ServerTime {
        more = Map.copyOf(more);
    }
}
