package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An alarm of an agent, as its occurrences show it (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param severity {@code low}, {@code medium} or {@code high}; newer words are kept
 * @param type {@code unary}, {@code boolean}, {@code error_bits}, {@code threshold}, {@code rate_of_change} or
 *     {@code bit_pattern}; newer words are kept
 * @param more every other member, as the server sent it
 */
public record Alarm(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable String severity,
        @Nullable String type,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Alarm {
        more = Map.copyOf(more);
    }
}
