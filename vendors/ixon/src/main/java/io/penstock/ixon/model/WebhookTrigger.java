package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One delivery of a webhook (contract).
 *
 * @param publicId its identifier, a UUID
 * @param lastTry when it was last tried
 * @param nextTry when it is tried again
 * @param ok whether it arrived
 * @param retrying whether it is tried again
 * @param status what came back
 * @param tryCount how often it was tried
 * @param more every other member, as the server sent it
 */
public record WebhookTrigger(
        @Nullable String publicId,
        @Nullable Instant lastTry,
        @Nullable Instant nextTry,
        @Nullable Boolean ok,
        @Nullable Boolean retrying,
        @Nullable JsonNode status,
        @Nullable Integer tryCount,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public WebhookTrigger {
        more = Map.copyOf(more);
    }
}
