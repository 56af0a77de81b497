package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An application (page "inventory-api").
 *
 * @param id its identifier
 * @param organizationId its organization
 * @param collectionIds its collections; empty if the server names none
 * @param assetIds its assets; empty if the server names none
 * @param name its name
 * @param description its description
 * @param tags its tags, whose form is not documented; empty if the server names none
 * @param assetCounts the number of its assets, if requested
 * @param more every other member, as the server sent it
 */
public record Application(
        @JsonProperty("id") @Nullable String id,
        @JsonProperty("organizationId") @Nullable String organizationId,
        @JsonProperty("collectionIds") List<String> collectionIds,
        @JsonProperty("assetIds") List<String> assetIds,
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("description") @Nullable String description,
        @JsonProperty("tags") List<JsonNode> tags,
        @JsonProperty("assetCounts") @Nullable AssetCounts assetCounts,
        @JsonAnySetter Map<String, JsonNode> more) {

    /**
     * The number of assets by type.
     *
     * @param targets websites and similar targets
     * @param repositories code repositories
     */
    public record AssetCounts(
            @JsonProperty("targets") @Nullable Long targets,
            @JsonProperty("repositories") @Nullable Long repositories) {}

    /** Copies the mutable components. */
    public Application {
        collectionIds = collectionIds == null ? List.of() : List.copyOf(collectionIds);
        assetIds = assetIds == null ? List.of() : List.copyOf(assetIds);
        tags = tags == null ? List.of() : List.copyOf(tags);
        more = Map.copyOf(more);
    }
}
