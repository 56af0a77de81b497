package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A configured integration (page "integrations-api").
 *
 * @param instanceId its identifier
 * @param pluginId its plug-in, such as {@code jira-plugin}
 * @param name its name
 * @param configured whether it is ready
 * @param createdOn the time of creation
 * @param more every other member, as the server sent it
 */
public record IntegrationInstance(
        @JsonProperty("instanceId") @Nullable String instanceId,
        @JsonProperty("pluginId") @Nullable String pluginId,
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("configured") @Nullable Boolean configured,
        @JsonProperty("createdOn") @Nullable OffsetDateTime createdOn,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public IntegrationInstance {
        more = Map.copyOf(more);
    }
}
