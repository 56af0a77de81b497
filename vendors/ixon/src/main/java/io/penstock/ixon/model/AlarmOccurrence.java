package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One occurrence of an alarm (contract).
 *
 * @param publicId its opaque identifier
 * @param alarm the alarm
 * @param acknowledged whether it was acknowledged
 * @param acknowledgedOn the time of the acknowledgement
 * @param comment the comment
 * @param occurredOn the time at which it began
 * @param rtnOn the time at which it returned to normal
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

    /** Copies the mutable components. */
    public AlarmOccurrence {
        more = Map.copyOf(more);
    }
}
