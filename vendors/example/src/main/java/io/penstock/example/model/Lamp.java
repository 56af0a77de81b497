package io.penstock.example.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

// guide: record
/**
 * A lamp of the catalogue.
 *
 * @param id {@code lamp_…}
 * @param name for people
 * @param watts what it draws; null where the catalogue does not say
 * @param more every other member, as the server sent it
 */
public record Lamp(
        String id,
        @Nullable String name,
        @Nullable Integer watts,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Lamp {
        more = Map.copyOf(more);
    }
}
// guide: end
