package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The progress of a scan (pages "s2-launch", "s2-review-and-report"). The published excerpt of the sample is
 * incomplete.
 *
 * @param messages the scanner's messages; empty if there are none
 * @param more every other member, as the server sent it
 */
public record ScanStatistics(
        @JsonProperty("scanMessage") List<ScanMessage> messages,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ScanStatistics {
        messages = messages == null ? List.of() : List.copyOf(messages);
        more = Map.copyOf(more);
    }
}
