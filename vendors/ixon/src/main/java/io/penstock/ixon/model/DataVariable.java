package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A variable of a machine (contract).
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param address where it is in the machine
 * @param type {@code bool}, {@code int}, {@code float} or {@code str}; newer words pass
 * @param width 8, 16, 32 or 64
 * @param factor what raw values are multiplied with, a number as text
 * @param unit its unit
 * @param more every other member, as the server sent it
 */
public record DataVariable(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String address,
        @Nullable String type,
        @Nullable String width,
        @Nullable String factor,
        @Nullable String unit,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public DataVariable {
        more = Map.copyOf(more);
    }
}
