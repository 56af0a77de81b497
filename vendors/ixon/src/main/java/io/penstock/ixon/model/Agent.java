package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An IXON device that connects a machine (contract). Without {@code fields} the server sends a minimal set.
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param deviceId the identifier on its label
 * @param type its model
 * @param description its description
 * @param timeZone the name of its time zone
 * @param macAddress its hardware address
 * @param more every other member, as the server sent it
 */
public record Agent(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String deviceId,
        @Nullable Resource type,
        @Nullable String description,
        @Nullable String timeZone,
        @Nullable String macAddress,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Agent {
        more = Map.copyOf(more);
    }
}
