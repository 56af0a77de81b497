package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An importer of API definitions (page "api-importers-api").
 *
 * @param importerId its identifier
 * @param name its name
 * @param type what it imports from
 * @param status whether it runs
 * @param lastRunDate when it last ran, or null
 * @param lastRunFailReason why that failed, or null
 * @param syncStatus how that went
 * @param more every other member, as the server sent it: {@code updateFrequency}, {@code parameters}, {@code extras}
 */
public record Importer(
        @JsonProperty("importerId") @Nullable String importerId,
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("type") @Nullable ImporterType type,
        @JsonProperty("status") @Nullable ImporterStatus status,
        @JsonProperty("lastRunDate") @Nullable OffsetDateTime lastRunDate,
        @JsonProperty("lastRunFailReason") @Nullable String lastRunFailReason,
        @JsonProperty("syncStatus") @Nullable SyncStatus syncStatus,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Importer {
        more = Map.copyOf(more);
    }
}
