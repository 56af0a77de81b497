package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What its members may do (contract).
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param description what somebody wrote about it
 * @param enforce2fa whether its members need a second factor
 * @param enforceSso whether its members have to come by single sign-on
 * @param more every other member, as the server sent it
 */
public record Role(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String description,
        @Nullable Boolean enforce2fa,
        @Nullable Boolean enforceSso,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Role {
        more = Map.copyOf(more);
    }
}
