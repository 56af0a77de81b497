package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A change. Of its members only these are documented.
 *
 * @param changeId what paths take
 * @param displayId what people see
 * @param summary what it is about
 * @param stateId a number or a text
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Change(
        @Nullable String changeId,
        @Nullable String displayId,
        @Nullable String summary,
        @Nullable String stateId,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Change {
        more = Map.copyOf(more);
    }
}
