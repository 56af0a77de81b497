package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An order for a simulation.
 *
 * @param name its name
 * @param templateId its template
 * @param agentId its agent, or null
 * @param scheduleNow whether to start it immediately
 * @param more further members of the contract: {@code agent_user_ids}, {@code auto_resume}, {@code description},
 *     {@code force}, {@code integrations}, {@code obfuscation_methods}, {@code protocols}, {@code schedule}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record NewSimulation(
        String name,
        long templateId,
        @Nullable Long agentId,
        boolean scheduleNow,
        @JsonAnyGetter Map<String, Object> more) {

    /** Copies the map. */
    public NewSimulation {
        more = Map.copyOf(more);
    }

    /** Creates an order for a simulation that is not started. */
    public static NewSimulation of(String name, long templateId, @Nullable Long agentId) {
        return new NewSimulation(name, templateId, agentId, false, Map.of());
    }

    /** Returns a copy that starts the simulation immediately. */
    public NewSimulation startedNow() {
        return new NewSimulation(name, templateId, agentId, true, more);
    }

    /** Returns a copy with a further member. */
    public NewSimulation with(String member, Object value) {
        Map<String, Object> members = new HashMap<>(more);
        members.put(member, value);
        return new NewSimulation(name, templateId, agentId, scheduleNow, members);
    }
}
