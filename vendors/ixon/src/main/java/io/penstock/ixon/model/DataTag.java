package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The recording of a variable (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param slug its name in queries
 * @param retentionPolicy {@code 3d} to {@code 520w}; newer words are kept
 * @param logEvent {@code interval}, {@code change} or {@code trigger}; newer words are kept
 * @param variable the variable
 * @param more every other member, as the server sent it
 */
public record DataTag(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String slug,
        @Nullable String retentionPolicy,
        @Nullable String logEvent,
        @Nullable DataVariable variable,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public DataTag {
        more = Map.copyOf(more);
    }
}
