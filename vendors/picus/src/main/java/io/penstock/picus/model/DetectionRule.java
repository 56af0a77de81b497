package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A detection rule of a source.
 *
 * @param actions the actions that it detects; their members are not documented
 * @param overview the rule; its form is not documented
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DetectionRule(
        List<JsonNode> actions,

        @Nullable JsonNode overview,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public DetectionRule {
        actions = actions == null ? List.of() : List.copyOf(actions);
        more = Map.copyOf(more);
    }
}
