package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A simulation, as in the list and the detail.
 *
 * @param simulationId its id
 * @param simulationName its name
 * @param status its status
 * @param agent its agent
 * @param completionRatio in percent
 * @param hasDetectionAnalysis whether detection is analysed too
 * @param lastPreventionSecurityScore -1 without a completed run
 * @param lastDetectionSecurityScore -1 without a completed run
 * @param failReasonMessage the reason for a failure; empty if there was none
 * @param statusDetails its progress
 * @param templateId its template
 * @param templateName the name of its template
 * @param createdAt the time of creation; only in the detail
 * @param updatedAt the time of the last change
 * @param runs its runs, oldest first; only in the detail
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Simulation(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long simulationId,

        @Nullable String simulationName,
        @Nullable SimulationStatus status,
        @Nullable Agent agent,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal completionRatio,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean hasDetectionAnalysis,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal lastPreventionSecurityScore,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal lastDetectionSecurityScore,

        @Nullable String failReasonMessage,
        @Nullable StatusDetails statusDetails,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long templateId,

        @Nullable String templateName,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant updatedAt,

        @JsonProperty("simulation_run") List<SimulationRun> runs,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Simulation {
        runs = runs == null ? List.of() : List.copyOf(runs);
        more = Map.copyOf(more);
    }
}
