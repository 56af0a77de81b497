package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A webhook subscription (page "webhooks").
 *
 * @param id {@code whk_…}
 * @param url the address to which events are delivered
 * @param events the types of event
 * @param secret the signing secret; only in the response that created the subscription
 * @param createdAt the time of creation
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Webhook(
        @Nullable String id,
        @Nullable String url,
        List<EventType> events,
        @Nullable Secret secret,
        @Nullable Instant createdAt,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Webhook {
        events = events == null ? List.of() : List.copyOf(events);
        more = Map.copyOf(more);
    }
}
