package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.Map;

/**
 * A request to start a scan (page "s2-launch").
 *
 * @param userAuthorizedToScan the consent to attack the target; the word {@code yes}, although other flags are booleans
 * @param targetId the target to scan
 * @param profileId the scan profile
 * @param schedule the schedule
 * @param more further members that the documentation does not name
 */
public record NewScan(
        @JsonProperty("user_authorized_to_scan") String userAuthorizedToScan,
        @JsonProperty("target_id") String targetId,
        @JsonProperty("profile_id") String profileId,
        @JsonProperty("schedule") Schedule schedule,
        @JsonAnyGetter Map<String, Object> more) {

    /**
     * The two members of a schedule in a request.
     *
     * @param disable whether the scan waits
     * @param timeSensitive the member {@code time_sensitive}, which the documentation does not explain
     */
    public record Schedule(
            @JsonProperty("disable") boolean disable,
            @JsonProperty("time_sensitive") boolean timeSensitive) {}

    /** Copies the map. */
    public NewScan {
        more = Map.copyOf(more);
    }

    /**
     * Creates a request for an immediate scan. By calling this method, the caller states that they are authorized to
     * scan the target.
     */
    public static NewScan authorized(String targetId, String profileId) {
        return new NewScan("yes", targetId, profileId, new Schedule(false, false), Map.of());
    }

    /** Returns a copy with another schedule. */
    public NewScan withSchedule(Schedule newSchedule) {
        return new NewScan(userAuthorizedToScan, targetId, profileId, newSchedule, more);
    }

    /** Returns a copy with a further member. */
    public NewScan with(String member, Object value) {
        Map<String, Object> members = new HashMap<>(more);
        members.put(member, value);
        return new NewScan(userAuthorizedToScan, targetId, profileId, schedule, members);
    }
}
