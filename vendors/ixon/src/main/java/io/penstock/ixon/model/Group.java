package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A group of users of a company (contract).
 *
 * @param publicId its identifier, opaque
 * @param name its name
 * @param type its type
 * @param agent the agent it is of
 * @param asset the asset it is of
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

    /** Copies what can change. */
    public Group {
        more = Map.copyOf(more);
    }
}
