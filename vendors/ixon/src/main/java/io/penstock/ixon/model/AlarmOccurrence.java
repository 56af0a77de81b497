package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One occurrence of an alarm (contract).
 *
 * @param publicId its identifier, opaque
 * @param alarm which alarm
 * @param acknowledged whether somebody has acknowledged it
 * @param acknowledgedOn when
 * @param comment what was said about it
 * @param occurredOn when it began
 * @param rtnOn when it returned to normal
 * @param more every other member, as the server sent it
 */
public record AlarmOccurrence(
        @Nullable String publicId,
        @Nullable Alarm alarm,
        @Nullable Boolean acknowledged,
        @Nullable Instant acknowledgedOn,
        @Nullable String comment,
        @Nullable Instant occurredOn,
        @Nullable Instant rtnOn,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public AlarmOccurrence {
        more = Map.copyOf(more);
    }
}
