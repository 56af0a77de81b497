package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An incident to be made. Only the summary and the requester's address are mandatory; what is null is not sent.
 *
 * @param summary what it is about
 * @param requesterEmail whose it is
 * @param description more about it
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

    /** An incident with what is mandatory. */
    public static NewIncident of(String summary, String requesterEmail) {
        return new NewIncident(summary, requesterEmail, null, null, null, null, null, null, Map.of());
    }

    /** The same incident with more about it. */
    public NewIncident withDescription(String text) {
        return new NewIncident(summary, requesterEmail, text, urgency, priority, impact, status, severity, more);
    }

    /** The same incident, rated; a null leaves the rating to the server. */
    public NewIncident rated(@Nullable Lookup newUrgency, @Nullable Lookup newPriority, @Nullable Lookup newImpact) {
        return new NewIncident(
                summary, requesterEmail, description, newUrgency, newPriority, newImpact, status, severity, more);
    }

    /** The same incident with a status and a severity, which go by name; a null leaves it to the server. */
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

    /** The same incident with a further member, under that very name. */
    public NewIncident with(String member, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(more);
        members.put(member, value);
        return new NewIncident(
                summary, requesterEmail, description, urgency, priority, impact, status, severity, members);
    }
}
