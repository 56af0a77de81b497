package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A team. Its members are not documented; these are what lookups have.
 *
 * @param id a number or a text
 * @param name for people
 * @param more every other member, as the server sent it
 */
public record Team(
        @Nullable String id,
        @Nullable String name,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Team {
        more = Map.copyOf(more);
    }
}
