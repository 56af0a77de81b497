package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A team. Its members are not documented; these are the members of lookups.
 *
 * @param id a number or a text
 * @param name the display name
 * @param more every other member, as the server sent it
 */
public record Team(
        @Nullable String id,
        @Nullable String name,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Team {
        more = Map.copyOf(more);
    }
}
