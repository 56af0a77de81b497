package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What can be scanned, as the samples of page "s1-handle-responses" have it. The page of the list itself shows none.
 *
 * @param id its identifier; also read from {@code target_id}, as scans call it
 * @param name its name
 * @param url its address
 * @param status such as {@code Active}
 * @param createdAt when it was created
 * @param lastScanAt when it was last scanned
 * @param more every other member, as the server sent it
 */
public record Target(
        @JsonProperty("id") @JsonAlias("target_id") @Nullable
        String id,

        @JsonProperty("name") @Nullable String name,
        @JsonProperty("url") @Nullable String url,
        @JsonProperty("status") @Nullable String status,
        @JsonProperty("createdAt") @Nullable OffsetDateTime createdAt,
        @JsonProperty("lastScanAt") @Nullable OffsetDateTime lastScanAt,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Target {
        more = Map.copyOf(more);
    }
}
