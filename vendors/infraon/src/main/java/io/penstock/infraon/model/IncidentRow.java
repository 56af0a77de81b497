package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An incident as it appears in a list: flat, with names in place of lookups. The formats of its times are not
 * documented.
 *
 * @param incidentId the identifier that paths take
 * @param id the identifier that paths take if there is no {@code incident_id}
 * @param uuid the identifier that paths take if there is neither of the two
 * @param displayId the identifier shown to users; not accepted in paths
 * @param summary the summary
 * @param priorityName the priority's name; tenants can rename the values of this and the following components
 * @param statusName the status's name
 * @param stateName the state's name
 * @param urgencyName the urgency's name
 * @param impactName the impact's name
 * @param severityName the severity's name
 * @param requester a person or, according to the page, a lookup of {@code keys}, {@code values} and {@code queryparam}
 * @param basicInfo an object; only its member {@code catalogue_name} is documented
 * @param slaInfo not documented
 * @param createdBy a number or a text
 * @param creationTime the time of creation
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record IncidentRow(
        @Nullable String incidentId,
        @Nullable String id,
        @Nullable String uuid,
        @Nullable String displayId,
        @Nullable String summary,
        @Nullable String priorityName,
        @Nullable String statusName,
        @Nullable String stateName,
        @Nullable String urgencyName,
        @Nullable String impactName,
        @Nullable String severityName,
        @Nullable JsonNode requester,
        @Nullable JsonNode basicInfo,
        @Nullable JsonNode slaInfo,
        @Nullable String createdBy,
        @Nullable String creationTime,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public IncidentRow {
        more = Map.copyOf(more);
    }

    /**
     * Returns the identifier that paths take: the first of {@code incident_id}, {@code id} and {@code uuid}. Null if
     * there is none.
     */
    public @Nullable String pathId() {
        return incidentId != null ? incidentId : id != null ? id : uuid;
    }
}
