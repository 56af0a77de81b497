package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A group of users of a company (contract).
 *
 * @param publicId its opaque identifier
 * @param name its name
 * @param type its type
 * @param agent its agent
 * @param asset its asset
 * @param isCompanyGroup whether it is the company's own
 * @param more every other member, as the server sent it
 */
public record Group(
        @Nullable String publicId,
        @Nullable String name,
        @Nullable Resource type,
        @Nullable Resource agent,
        @Nullable Resource asset,
        @Nullable Boolean isCompanyGroup,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Group {
        more = Map.copyOf(more);
    }
}
