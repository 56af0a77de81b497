package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A scan that was started. Two pages show two forms: the scan itself ("s2-launch") and an operation result
 * ("s1-handle-responses"); what the other form has is null.
 *
 * @param scanId its identifier
 * @param targetId what is scanned
 * @param profileId how
 * @param nextRun when it runs
 * @param userAuthorizedToScan the consent, a word and no boolean
 * @param continuous as the server has it
 * @param incremental as the server has it
 * @param maxScanTime as the server has it; its unit is not documented
 * @param success of an operation result; {@code false} never gets here, it is an exception
 * @param message of an operation result
 * @param estimatedCompletionTime of an operation result: not before it does asking make sense
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

    /** Copies what can change. */
    public Scan {
        more = Map.copyOf(more);
    }
}
