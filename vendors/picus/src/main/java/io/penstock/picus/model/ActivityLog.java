package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An entry of the activity log.
 *
 * @param action the event, such as {@code IntegrationAgentDown}
 * @param eventType the type of its object, such as {@code Agent}
 * @param eventTime the time of the event
 * @param eventActivity its circumstances; the form is not documented
 * @param ip the address of its origin
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ActivityLog(
        @Nullable String action,
        @Nullable String eventType,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant eventTime,

        @Nullable JsonNode eventActivity,
        @Nullable String ip,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public ActivityLog {
        more = Map.copyOf(more);
    }
}
