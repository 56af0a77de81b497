package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A variable of a machine (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param address its address in the machine
 * @param type {@code bool}, {@code int}, {@code float} or {@code str}; newer words are kept
 * @param width 8, 16, 32 or 64
 * @param factor the factor for raw values, a number as text
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

    /** Copies the mutable components. */
    public DataVariable {
        more = Map.copyOf(more);
    }
}
