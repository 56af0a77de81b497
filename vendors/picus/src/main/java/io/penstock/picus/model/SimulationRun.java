package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One run in the detail of a simulation.
 *
 * @param id its id, a text on the wire
 * @param status its status
 * @param startedAt the time of its start
 * @param completedAt the time of its end; null until it has ended
 * @param scheduledTime the time of its scheduled start
 * @param failReasonMessage the reason for a failure; empty if there was none
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SimulationRun(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable SimulationStatus status,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant startedAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant completedAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant scheduledTime,

        @Nullable String failReasonMessage,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public SimulationRun {
        more = Map.copyOf(more);
    }
}
