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
 * @param deptName the display name
 * @param deptHead a text, although it is written as a list; some servers return the list
 * @param description the description
 * @param primeUser a list, in the form in which it is written
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

    /** Copies the mutable components. */
    public Department {
        more = Map.copyOf(more);
    }
}
