package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The current findings of a run.
 *
 * @param simulationId the simulation
 * @param simulationRunId the run
 * @param templateId the template
 * @param status the status of the run
 * @param startedAt the time of its start
 * @param completedAt the time of its end; null until it has ended
 * @param scheduledTime the time of its scheduled start
 * @param completionRatio in percent
 * @param failReasonMessage the reason for a failure; empty if there was none
 * @param statusDetails its progress
 * @param results the scores
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunResult(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long simulationId,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long simulationRunId,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long templateId,

        @Nullable SimulationStatus status,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant startedAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant completedAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant scheduledTime,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal completionRatio,

        @Nullable String failReasonMessage,
        @Nullable StatusDetails statusDetails,
        @Nullable Results results,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public RunResult {
        more = Map.copyOf(more);
    }

    /**
     * The scores of a run.
     *
     * @param prevention the blocked actions
     * @param hasDetectionAnalysis whether detection was analysed too
     * @param detectionAnalysis the logged and alerted actions
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Results(
            @Nullable Prevention prevention,

            @JsonDeserialize(using = Lenient.Flag.class) @Nullable
            Boolean hasDetectionAnalysis,

            @Nullable JsonNode detectionAnalysis) {}

    /**
     * The scores of prevention.
     *
     * @param securityScore in percent
     * @param threat the threats
     * @param attackerObjectives the objectives
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Prevention(
            @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
            BigDecimal securityScore,

            @Nullable Threats threat,
            @Nullable Objectives attackerObjectives) {}

    /**
     * The number of threats.
     *
     * @param blockedCount blocked
     * @param notBlockedCount not blocked
     * @param notTestedCount not tested
     * @param totalCount all
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Threats(
            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long blockedCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long notBlockedCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long notTestedCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long totalCount) {}

    /**
     * The number of the attacker's objectives. Picus misspells two of the names; the correct spelling is read too.
     *
     * @param achievedCount achieved: {@code achived_count}
     * @param unachievedCount not achieved: {@code unachived_count}
     * @param notTestedCount not tested
     * @param totalCount all
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Objectives(
            @JsonProperty("achived_count")
            @JsonAlias("achieved_count")
            @JsonDeserialize(using = Lenient.Whole.class)
            @Nullable
            Long achievedCount,

            @JsonProperty("unachived_count")
            @JsonAlias("unachieved_count")
            @JsonDeserialize(using = Lenient.Whole.class)
            @Nullable
            Long unachievedCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long notTestedCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long totalCount) {}
}
