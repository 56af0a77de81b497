package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object for which the contract documents only an identifier and usually a name. The rest is in {@link #more()}.
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param more every other member, as the server sent it
 */
public record Resource(
        @Nullable String publicId,
        @Nullable String name,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Resource {
        more = Map.copyOf(more);
    }
}
