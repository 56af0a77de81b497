package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The response to the creation or the start of a simulation.
 *
 * @param simulation the simulation
 * @param runInfo the run, if there is one
 * @param runImmediately whether it was started; null if unknown
 * @param simulationAlreadyExist whether Picus found an identical simulation and returned it instead of a new one; null
 *     if unknown
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StartedSimulation(
        @Nullable Created simulation,
        @Nullable RunInfo runInfo,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean runImmediately,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean simulationAlreadyExist,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public StartedSimulation {
        more = Map.copyOf(more);
    }

    /**
     * Creates the result of an order whose response was lost and whose simulation was found in the list. It only
     * identifies the simulation. Whether it existed before, and its run, are in its detail; here both are null.
     */
    public static StartedSimulation found(Simulation found) {
        Long agent = found.agent() == null ? null : found.agent().id();
        Created simulation = new Created(
                found.simulationId(), found.simulationName(), agent, found.templateId(), null, null, Map.of());
        return new StartedSimulation(simulation, null, null, null, Map.of());
    }

    /**
     * The simulation that was created or found.
     *
     * @param id its id
     * @param name its name
     * @param agentId its agent
     * @param templateId its template
     * @param isActive whether it is active
     * @param integrations its integrations; the form is not documented
     * @param more every other member, as the server sent it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Created(
            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long id,

            @Nullable String name,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long agentId,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long templateId,

            @JsonDeserialize(using = Lenient.Flag.class) @Nullable
            Boolean isActive,

            @Nullable JsonNode integrations,
            @JsonAnySetter Map<String, JsonNode> more) {

        /** Copies the mutable components. */
        public Created {
            more = Map.copyOf(more);
        }
    }

    /**
     * The run that was started.
     *
     * @param id its id
     * @param status {@code SCHEDULED} right after the start
     * @param more every other member, as the server sent it
     */
    public record RunInfo(
            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long id,

            @Nullable SimulationStatus status,
            @JsonAnySetter Map<String, JsonNode> more) {

        /** Copies the mutable components. */
        public RunInfo {
            more = Map.copyOf(more);
        }
    }
}
