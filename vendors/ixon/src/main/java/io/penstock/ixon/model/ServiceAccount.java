package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An account for a program (page "ixon-api-prerequisites"). Its token works with its application only.
 *
 * @param publicId its identifier, opaque
 * @param apiApplication what {@code Api-Application} has to name
 * @param token the bearer token; told once
 * @param more every other member, as the server sent it
 */
public record ServiceAccount(
        @Nullable String publicId,
        @Nullable Resource apiApplication,
        @Nullable Secret token,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public ServiceAccount {
        more = Map.copyOf(more);
    }
}
