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
 * @param lastTry the time of the last try
 * @param nextTry the time of the next try
 * @param ok whether it was delivered
 * @param retrying whether it will be tried again
 * @param status the response
 * @param tryCount the number of tries
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

    /** Copies the mutable components. */
    public WebhookTrigger {
        more = Map.copyOf(more);
    }
}
