package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A target, which may be scanned once it is verified. Its fields are not documented.
 *
 * @param id its identifier
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Target(@Nullable String id, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Target {
        more = Map.copyOf(more);
    }
}
