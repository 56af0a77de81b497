package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A machine behind an agent (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param ipAddress its address in the machine's network
 * @param macAddress its hardware address
 * @param agent its agent
 * @param dataSources the sources of its data
 * @param more every other member, as the server sent it
 */
public record Device(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String ipAddress,
        @Nullable String macAddress,
        @Nullable Resource agent,
        List<Resource> dataSources,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Device {
        dataSources = dataSources == null ? List.of() : List.copyOf(dataSources);
        more = Map.copyOf(more);
    }
}
