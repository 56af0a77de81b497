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
 * A threat of the library. Its other members are not documented.
 *
 * @param id its id
 * @param name its name
 * @param createdAt the time of creation
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Threat(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable String name,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Threat {
        more = Map.copyOf(more);
    }
}
