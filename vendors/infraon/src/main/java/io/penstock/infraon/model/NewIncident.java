package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An incident to be created. Only the summary and the requester's address are mandatory. Null members are not sent.
 *
 * @param summary the summary
 * @param requesterEmail the requester's e-mail address
 * @param description the description
 * @param urgency see {@link Lookup.Urgency}
 * @param priority see {@link Lookup.Priority}
 * @param impact see {@link Lookup.Impact}
 * @param status by name, such as {@code Open}
 * @param severity by name
 * @param more further members, such as {@code requester_name}, {@code incident_type} or {@code current_assignment_info}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewIncident(
        String summary,
        String requesterEmail,
        @Nullable String description,
        @Nullable Lookup urgency,
        @Nullable Lookup priority,
        @Nullable Lookup impact,
        @Nullable Lookup status,
        @Nullable Lookup severity,
        @JsonAnyGetter Map<String, Object> more) {

    /** Copies the map. */
    public NewIncident {
        more = Map.copyOf(more);
    }

    /** Creates an incident with the mandatory members only. */
    public static NewIncident of(String summary, String requesterEmail) {
        return new NewIncident(summary, requesterEmail, null, null, null, null, null, null, Map.of());
    }

    /** Returns a copy with a description. */
    public NewIncident withDescription(String text) {
        return new NewIncident(summary, requesterEmail, text, urgency, priority, impact, status, severity, more);
    }

    /** Returns a copy with ratings. The server chooses each rating that is null. */
    public NewIncident rated(@Nullable Lookup newUrgency, @Nullable Lookup newPriority, @Nullable Lookup newImpact) {
        return new NewIncident(
                summary, requesterEmail, description, newUrgency, newPriority, newImpact, status, severity, more);
    }

    /**
     * Returns a copy with a status and a severity, which are sent by name. The server chooses each one that is null.
     */
    public NewIncident standing(@Nullable String newStatus, @Nullable String newSeverity) {
        return new NewIncident(
                summary,
                requesterEmail,
                description,
                urgency,
                priority,
                impact,
                newStatus == null ? null : Lookup.named(newStatus),
                newSeverity == null ? null : Lookup.named(newSeverity),
                more);
    }

    /** Returns a copy with a further member of exactly this name. */
    public NewIncident with(String member, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(more);
        members.put(member, value);
        return new NewIncident(
                summary, requesterEmail, description, urgency, priority, impact, status, severity, members);
    }
}
