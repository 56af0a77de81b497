package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An action in a run. The contract has more members than these.
 *
 * @param actionId its id in the library
 * @param actionName its name
 * @param nodeId its place in the threat's tree, if the action appears there several times
 * @param affectedOs the affected operating systems
 * @param affectedPlatforms the affected platforms
 * @param affectedProducts the affected products
 * @param attackModule its attack module
 * @param attackModuleId the id of its attack module
 * @param category its category
 * @param completedAt the time of its end
 * @param description its description
 * @param detectionAnalysis its logs and alerts; the form is not documented
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunAction(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long actionId,

        @Nullable String actionName,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long nodeId,

        List<JsonNode> affectedOs,

        List<JsonNode> affectedPlatforms,

        List<JsonNode> affectedProducts,

        @Nullable String attackModule,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long attackModuleId,

        @Nullable String category,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant completedAt,

        @Nullable String description,

        @Nullable JsonNode detectionAnalysis,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public RunAction {
        affectedOs = affectedOs == null ? List.of() : List.copyOf(affectedOs);
        affectedPlatforms = affectedPlatforms == null ? List.of() : List.copyOf(affectedPlatforms);
        affectedProducts = affectedProducts == null ? List.of() : List.copyOf(affectedProducts);
        more = Map.copyOf(more);
    }
}
