package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A target of scans, as in the samples of page "s1-handle-responses". The page of the list itself has no sample.
 *
 * @param id its identifier; also read from {@code target_id}, its name in scans
 * @param name its name
 * @param url its address
 * @param status its status, such as {@code Active}
 * @param createdAt the time of creation
 * @param lastScanAt the time of the last scan
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

    /** Copies the mutable components. */
    public Target {
        more = Map.copyOf(more);
    }
}
