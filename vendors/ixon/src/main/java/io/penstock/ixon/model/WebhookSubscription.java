package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where IXON calls back (contract). Payload and signature are not documented.
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param callbackUrl the address
 * @param more every other member, as the server sent it
 */
public record WebhookSubscription(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String callbackUrl,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public WebhookSubscription {
        more = Map.copyOf(more);
    }
}
