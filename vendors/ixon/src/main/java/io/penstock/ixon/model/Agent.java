package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A device of IXON that connects a machine (contract). Without {@code fields} the server sends a minimal set.
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param deviceId the identifier on its label
 * @param type its model
 * @param description what somebody wrote about it
 * @param timeZone where it stands, as a zone name
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

    /** Copies what can change. */
    public Agent {
        more = Map.copyOf(more);
    }
}
