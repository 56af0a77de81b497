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
 * @param url where the events go
 * @param events which events
 * @param secret what the signatures are made with; only in the answer that created it
 * @param createdAt when it was created
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

    /** Copies what can change. */
    public Webhook {
        events = events == null ? List.of() : List.copyOf(events);
        more = Map.copyOf(more);
    }
}
