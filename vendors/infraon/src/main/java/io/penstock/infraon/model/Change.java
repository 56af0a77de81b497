package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A change. Only these members are documented.
 *
 * @param changeId the identifier that paths take
 * @param displayId the identifier shown to users
 * @param summary the summary
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

    /** Copies the mutable components. */
    public Change {
        more = Map.copyOf(more);
    }
}
