package io.penstock.example.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

// guide: record
/**
 * A lamp of the catalogue.
 *
 * @param id its id, {@code lamp_…}
 * @param name its name for people
 * @param watts its power; null if the catalogue does not give it
 * @param more all other members as the server sent them
 */
public record Lamp(
        String id,
        @Nullable String name,
        @Nullable Integer watts,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the map. */
    public Lamp {
        more = Map.copyOf(more);
    }
}
// guide: end
