package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How a scan gets on (pages "s2-launch", "s2-review-and-report"); the sample is longer than what is published of it.
 *
 * @param messages what the scanner says; empty if it says nothing
 * @param more every other member, as the server sent it
 */
public record ScanStatistics(
        @JsonProperty("scanMessage") List<ScanMessage> messages,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public ScanStatistics {
        messages = messages == null ? List.of() : List.copyOf(messages);
        more = Map.copyOf(more);
    }
}
