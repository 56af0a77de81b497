package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the answer to a new incident says about it.
 *
 * @param id what paths take
 * @param displayId what people see; no path takes it
 * @param assetId not documented
 * @param summary what it is about
 * @param requesterEmail whose it is
 * @param priority a lookup
 * @param impactService not documented
 * @param creationTime when it was made
 * @param ciName not documented
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CreatedIncident(
        @Nullable String id,
        @Nullable String displayId,
        @Nullable JsonNode assetId,
        @Nullable String summary,
        @Nullable String requesterEmail,
        @Nullable JsonNode priority,
        @Nullable JsonNode impactService,
        @Nullable String creationTime,
        @Nullable JsonNode ciName,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public CreatedIncident {
        more = Map.copyOf(more);
    }
}
