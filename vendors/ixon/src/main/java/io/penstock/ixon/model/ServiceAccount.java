package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A service account for a program (page "ixon-api-prerequisites"). Its token works only with its application.
 *
 * @param publicId its opaque identifier
 * @param apiApplication the value for {@code Api-Application}
 * @param token the bearer token; sent only once
 * @param more every other member, as the server sent it
 */
public record ServiceAccount(
        @Nullable String publicId,
        @Nullable Resource apiApplication,
        @Nullable Secret token,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ServiceAccount {
        more = Map.copyOf(more);
    }
}
