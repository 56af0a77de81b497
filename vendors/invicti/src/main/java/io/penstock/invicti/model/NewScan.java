package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.Map;

/**
 * The order of a scan (page "s2-launch").
 *
 * @param userAuthorizedToScan the consent to attack the target; a word, {@code yes}, where other flags are booleans
 * @param targetId what to scan
 * @param profileId how to scan
 * @param schedule when to scan
 * @param more further members, for what the documentation does not name
 */
public record NewScan(
        @JsonProperty("user_authorized_to_scan") String userAuthorizedToScan,
        @JsonProperty("target_id") String targetId,
        @JsonProperty("profile_id") String profileId,
        @JsonProperty("schedule") Schedule schedule,
        @JsonAnyGetter Map<String, Object> more) {

    /**
     * The two members of a schedule that an order has.
     *
     * @param disable whether the scan waits
     * @param timeSensitive as the wire's {@code time_sensitive}, which the documentation does not explain
     */
    public record Schedule(
            @JsonProperty("disable") boolean disable,
            @JsonProperty("time_sensitive") boolean timeSensitive) {}

    /** Copies the map. */
    public NewScan {
        more = Map.copyOf(more);
    }

    /** A scan at once. Whoever calls this states that they are authorized to scan the target. */
    public static NewScan authorized(String targetId, String profileId) {
        return new NewScan("yes", targetId, profileId, new Schedule(false, false), Map.of());
    }

    /** The same order with another schedule. */
    public NewScan withSchedule(Schedule newSchedule) {
        return new NewScan(userAuthorizedToScan, targetId, profileId, newSchedule, more);
    }

    /** The same order with a further member. */
    public NewScan with(String member, Object value) {
        Map<String, Object> members = new HashMap<>(more);
        members.put(member, value);
        return new NewScan(userAuthorizedToScan, targetId, profileId, schedule, members);
    }
}
