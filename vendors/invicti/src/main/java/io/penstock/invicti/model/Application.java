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
 * @param organizationId whose it is
 * @param collectionIds the collections it is in; empty if the server names none
 * @param assetIds its assets; empty if the server names none
 * @param name its name
 * @param description its description
 * @param tags its tags, whose form is not documented; empty if the server names none
 * @param assetCounts how many assets it has, where that was asked for
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
     * How many assets.
     *
     * @param targets websites and the like
     * @param repositories code repositories
     */
    public record AssetCounts(
            @JsonProperty("targets") @Nullable Long targets,
            @JsonProperty("repositories") @Nullable Long repositories) {}

    /** Copies what can change. */
    public Application {
        collectionIds = collectionIds == null ? List.of() : List.copyOf(collectionIds);
        assetIds = assetIds == null ? List.of() : List.copyOf(assetIds);
        tags = tags == null ? List.of() : List.copyOf(tags);
        more = Map.copyOf(more);
    }
}
