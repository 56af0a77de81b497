package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A started scan. Two pages show two forms: the scan itself ("s2-launch") and an operation result
 * ("s1-handle-responses"). The components of the other form are null.
 *
 * @param scanId its identifier
 * @param targetId the scanned target
 * @param profileId the scan profile
 * @param nextRun the time of the next run
 * @param userAuthorizedToScan the consent, a word and not a boolean
 * @param continuous as the server sent it
 * @param incremental as the server sent it
 * @param maxScanTime as the server sent it; its unit is not documented
 * @param success of an operation result; never {@code false}, which is emitted as an exception
 * @param message of an operation result
 * @param estimatedCompletionTime of an operation result: the time before which polling is pointless
 * @param more every other member, as the server sent it
 */
public record Scan(
        @JsonProperty("scan_id") @JsonAlias("scanId") @Nullable
        String scanId,

        @JsonProperty("target_id") @Nullable String targetId,
        @JsonProperty("profile_id") @Nullable String profileId,
        @JsonProperty("next_run") @Nullable OffsetDateTime nextRun,
        @JsonProperty("user_authorized_to_scan") @Nullable String userAuthorizedToScan,
        @JsonProperty("continuous") @Nullable Boolean continuous,
        @JsonProperty("incremental") @Nullable Boolean incremental,
        @JsonProperty("max_scan_time") @Nullable Long maxScanTime,
        @JsonProperty("success") @Nullable Boolean success,
        @JsonProperty("message") @Nullable String message,
        @JsonProperty("estimatedCompletionTime") @Nullable OffsetDateTime estimatedCompletionTime,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Scan {
        more = Map.copyOf(more);
    }
}
