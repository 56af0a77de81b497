package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A subscription to callbacks from IXON (contract). Payload and signature are not documented.
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param callbackUrl the address to call
 * @param more every other member, as the server sent it
 */
public record WebhookSubscription(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String callbackUrl,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public WebhookSubscription {
        more = Map.copyOf(more);
    }
}
