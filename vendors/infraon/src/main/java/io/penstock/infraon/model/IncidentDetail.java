package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/**
 * An incident as returned by its own address: the incident and the options for its members.
 *
 * @param incident the incident itself, with every member that the server sent
 * @param options the available values: {@code users}, {@code teams}, {@code status}, {@code urgency}, {@code severity},
 *     {@code priority_matrix}
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record IncidentDetail(
        ObjectNode incident,
        @Nullable JsonNode options,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. Rejects a response without an incident. */
    public IncidentDetail {
        Objects.requireNonNull(incident, "incident");
        more = Map.copyOf(more);
    }

    /** Returns the choices in one of the {@link #options()}, whether it is a list or a map. Empty if there are none. */
    public List<JsonNode> choices(String kind) {
        JsonNode offered = options == null ? null : options.get(kind);
        return offered == null ? List.of() : offered.valueStream().toList();
    }
}
