package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The address of an installer for agents.
 *
 * @param link the address
 * @param shortUrl a shorter form of it
 * @param version the version of the agent's software
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AgentDownload(
        @Nullable URI link,

        @Nullable URI shortUrl,

        @Nullable String version,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public AgentDownload {
        more = Map.copyOf(more);
    }
}
