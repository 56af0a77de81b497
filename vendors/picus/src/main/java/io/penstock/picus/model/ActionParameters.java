package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The values from which an action can be created. Their members are not documented.
 *
 * @param actionCategories the categories
 * @param affectedOperatingSystems the operating systems
 * @param affectedProducts the products
 * @param mitre the tactics and techniques of MITRE ATT&amp;CK
 * @param platforms the platforms
 * @param threatActors the threat actors
 * @param ukcPhases the phases of the unified kill chain
 * @param urlCategories the categories of addresses
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ActionParameters(
        List<JsonNode> actionCategories,

        List<JsonNode> affectedOperatingSystems,

        List<JsonNode> affectedProducts,

        @Nullable JsonNode mitre,

        List<JsonNode> platforms,

        List<JsonNode> threatActors,

        List<JsonNode> ukcPhases,

        List<JsonNode> urlCategories,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ActionParameters {
        actionCategories = actionCategories == null ? List.of() : List.copyOf(actionCategories);
        affectedOperatingSystems = affectedOperatingSystems == null ? List.of() : List.copyOf(affectedOperatingSystems);
        affectedProducts = affectedProducts == null ? List.of() : List.copyOf(affectedProducts);
        platforms = platforms == null ? List.of() : List.copyOf(platforms);
        threatActors = threatActors == null ? List.of() : List.copyOf(threatActors);
        ukcPhases = ukcPhases == null ? List.of() : List.copyOf(ukcPhases);
        urlCategories = urlCategories == null ? List.of() : List.copyOf(urlCategories);
        more = Map.copyOf(more);
    }
}
