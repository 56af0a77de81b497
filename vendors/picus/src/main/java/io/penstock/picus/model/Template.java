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
 * A template for simulations.
 *
 * @param id its id
 * @param name its name
 * @param description its description
 * @param contentType its type of content, such as {@code Static}
 * @param categoryName its category
 * @param subcategoryName its subcategory
 * @param agentTypes the supported agents: a tree, or a text that only looks like JSON (contract)
 * @param threats its threats, in the same forms; only in the detail
 * @param createdAt the time of creation
 * @param contentUpdatedAt the time of the last change of its content
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Template(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable String name,
        @Nullable String description,
        @Nullable String contentType,
        @Nullable String categoryName,
        @Nullable String subcategoryName,
        @Nullable JsonNode agentTypes,
        @Nullable JsonNode threats,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant contentUpdatedAt,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Template {
        more = Map.copyOf(more);
    }
}
