package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A role, which determines the rights of its members (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param description its description
 * @param enforce2fa whether its members need a second factor
 * @param enforceSso whether its members must use single sign-on
 * @param more every other member, as the server sent it
 */
public record Role(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String description,
        @Nullable Boolean enforce2fa,
        @Nullable Boolean enforceSso,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Role {
        more = Map.copyOf(more);
    }
}
