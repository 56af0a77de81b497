package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An incident as a list shows it: flat, with names in place of lookups. The forms of its times are not documented.
 *
 * @param incidentId what paths take
 * @param id what paths take, where there is no {@code incident_id}
 * @param uuid what paths take, where there is neither of the two
 * @param displayId what people see; no path takes it
 * @param summary what it is about
 * @param priorityName the priority's name; tenants can rename the values of this and the next ones
 * @param statusName the status's name
 * @param stateName the state's name
 * @param urgencyName the urgency's name
 * @param impactName the impact's name
 * @param severityName the severity's name
 * @param requester a person, or a lookup of {@code keys}, {@code values} and {@code queryparam}, by the page
 * @param basicInfo what is documented of it is its member {@code catalogue_name}
 * @param slaInfo not documented
 * @param createdBy a number or a text
 * @param creationTime when it was made
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

    /** Copies what can change. */
    public IncidentRow {
        more = Map.copyOf(more);
    }

    /** What paths take: the first of {@code incident_id}, {@code id} and {@code uuid}; null where it has none of them. */
    public @Nullable String pathId() {
        return incidentId != null ? incidentId : id != null ? id : uuid;
    }
}
