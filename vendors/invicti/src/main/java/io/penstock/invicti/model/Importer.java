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
 * @param type the type of its source
 * @param status whether it runs
 * @param lastRunDate the time of its last run, or null
 * @param lastRunFailReason the reason why the last run failed, or null
 * @param syncStatus the result of the last run
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

    /** Copies the mutable components. */
    public Importer {
        more = Map.copyOf(more);
    }
}
