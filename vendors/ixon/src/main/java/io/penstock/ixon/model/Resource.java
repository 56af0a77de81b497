package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the contract tells no more of than that it has an identifier, and mostly a name; the rest is in {@link #more()}.
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param more every other member, as the server sent it
 */
public record Resource(
        @Nullable String publicId,
        @Nullable String name,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Resource {
        more = Map.copyOf(more);
    }
}
