package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The response to the creation of an incident.
 *
 * @param id the identifier that paths take
 * @param displayId the identifier shown to users; not accepted in paths
 * @param assetId not documented
 * @param summary the summary
 * @param requesterEmail the requester's e-mail address
 * @param priority a lookup
 * @param impactService not documented
 * @param creationTime the time of creation
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

    /** Copies the mutable components. */
    public CreatedIncident {
        more = Map.copyOf(more);
    }
}
