package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An access token (contract, page "ixon-api-authentication-headers").
 *
 * @param publicId its identifier, opaque
 * @param secretId the bearer token; only in the answer that issued it
 * @param expiresOn when it dies
 * @param more every other member, as the server sent it
 */
public record TokenInfo(
        @Nullable String publicId,
        @Nullable Secret secretId,
        @Nullable Instant expiresOn,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public TokenInfo {
        more = Map.copyOf(more);
    }
}
