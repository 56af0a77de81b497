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
 * @param id its id, which is a text on the wire
 * @param status where it stands
 * @param startedAt when it began
 * @param completedAt when it ended; null as long as it has not
 * @param scheduledTime when it was to begin
 * @param failReasonMessage why it failed; empty if it did not
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

    /** Copies what can change. */
    public SimulationRun {
        more = Map.copyOf(more);
    }
}
