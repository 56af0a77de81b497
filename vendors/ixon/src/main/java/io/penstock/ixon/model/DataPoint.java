package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The values of one instant (page "how-to-retrieve-historical-data").
 *
 * @param time the instant
 * @param values the values by the query's {@code ref}: a number, a text, a boolean or null
 * @param more every other member, as the server sent it
 */
public record DataPoint(
        @Nullable Instant time,
        Map<String, JsonNode> values,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public DataPoint {
        values = values == null ? Map.of() : Map.copyOf(values);
        more = Map.copyOf(more);
    }
}
