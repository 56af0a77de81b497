package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A department.
 *
 * @param id a number or a text
 * @param deptName for people
 * @param deptHead a text, though it is written as a list; some servers give the list
 * @param description for people
 * @param primeUser a list, as it is written
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Department(
        @Nullable String id,
        @Nullable String deptName,
        @Nullable JsonNode deptHead,
        @Nullable String description,
        @Nullable JsonNode primeUser,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Department {
        more = Map.copyOf(more);
    }
}
