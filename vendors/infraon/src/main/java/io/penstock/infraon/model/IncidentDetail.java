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
 * An incident as its own address shows it: the incident, and beside it what its members can be set to.
 *
 * @param incident the incident itself, with every member that the server sent
 * @param options what can be chosen: {@code users}, {@code teams}, {@code status}, {@code urgency}, {@code severity},
 *     {@code priority_matrix}
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record IncidentDetail(
        ObjectNode incident,
        @Nullable JsonNode options,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change; an answer without an incident is not one of these. */
    public IncidentDetail {
        Objects.requireNonNull(incident, "incident");
        more = Map.copyOf(more);
    }

    /** What one of the {@link #options()} offers, whether it came as a list or as a map; empty where there is none. */
    public List<JsonNode> choices(String kind) {
        JsonNode offered = options == null ? null : options.get(kind);
        return offered == null ? List.of() : offered.valueStream().toList();
    }
}
