package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the scanner says of a scan (page "s2-review-and-report"). In camelCase, though scans are in snake_case.
 *
 * @param id its identifier
 * @param level how grave; may be -1
 * @param message the text, which may be empty
 * @param targetId what is scanned
 * @param messageDate when it was said
 * @param messageKind such as {@code scanning}
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

    /** Copies what can change. */
    public ScanMessage {
        more = Map.copyOf(more);
    }
}
