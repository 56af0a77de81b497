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
 * An agent. Within a simulation it has fewer members.
 *
 * @param id its id
 * @param name its name
 * @param type its type, such as {@code Windows}
 * @param status whether it can be used
 * @param version the version of its software
 * @param platformName its platform, such as {@code Windows 10}
 * @param platformArchitecture its architecture, such as {@code 64-bit}
 * @param createdAt the time of creation
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Agent(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable String name,
        @Nullable String type,
        @Nullable AgentStatus status,
        @Nullable String version,
        @Nullable String platformName,
        @Nullable String platformArchitecture,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Agent {
        more = Map.copyOf(more);
    }
}
