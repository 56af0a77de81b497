package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A message of the scanner about a scan (page "s2-review-and-report"). Its members are in camelCase, although those of
 * scans are in snake_case.
 *
 * @param id its identifier
 * @param level its severity; may be -1
 * @param message the text, which may be empty
 * @param targetId the scanned target
 * @param messageDate the time of the message
 * @param messageKind the kind, such as {@code scanning}
 * @param more every other member, as the server sent it
 */
public record ScanMessage(
        @JsonProperty("id") @Nullable String id,
        @JsonProperty("level") @Nullable Integer level,
        @JsonProperty("message") @Nullable String message,
        @JsonProperty("targetId") @Nullable String targetId,
        @JsonProperty("messageDate") @Nullable OffsetDateTime messageDate,
        @JsonProperty("messageKind") @Nullable String messageKind,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ScanMessage {
        more = Map.copyOf(more);
    }
}
