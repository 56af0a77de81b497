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
 * @param publicId its opaque identifier
 * @param secretId the bearer token; only in the response that issued it
 * @param expiresOn the time at which it expires
 * @param more every other member, as the server sent it
 */
public record TokenInfo(
        @Nullable String publicId,
        @Nullable Secret secretId,
        @Nullable Instant expiresOn,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public TokenInfo {
        more = Map.copyOf(more);
    }
}
