package io.penstock.picus;

import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.picus.model.ActivityLog;
import io.penstock.picus.model.User;
import io.penstock.request.ApiRequest;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Users, their roles, and what they did: {@link Picus#users()}. */
public final class PicusUsers {

    private final Calls calls;

    PicusUsers(Calls calls) {
        this.calls = calls;
    }

    /** Returns the users. Filter: {@code role}. */
    public Pages<User> list(ListQuery query) {
        return calls.pages(ApiRequest.get("v1/users"), query, User.class, "users");
    }

    /** Returns the roles. Their members are not documented. */
    public Pages<JsonNode> roles(ListQuery query) {
        return calls.pages(ApiRequest.get("v1/users/roles"), query, JsonNode.class, "roles");
    }

    /** Invites a user and emits the id. Retried only if Picus certainly did not act. */
    public Mono<Long> invite(String email, String loginType, long roleId) {
        return calls.value(ApiRequest.post("v1/users/invite")
                .body(Map.of("email", email, "login_type", loginType, "role_id", roleId))
                .as(Payload.json(Long.class).inside("id")));
    }

    /** Assigns a role to a user. */
    public Mono<Void> assignRole(long userId, long roleId) {
        return calls.value(ApiRequest.put("v1/users/{userId}/role")
                .path("userId", userId)
                .body(Map.of("role_id", roleId))
                .as(Payload.none()));
    }

    /** Deletes a user. If a resend does not find it, it counts as deleted. */
    public Mono<Void> delete(long id) {
        return calls.value(
                ApiRequest.delete("v1/users/{userId}").path("userId", id).as(Payload.none()));
    }

    /** Returns the activity log. Filters: {@code date_start}, {@code date_end}; their format is not documented. */
    public Pages<ActivityLog> activityLogs(ListQuery query) {
        return calls.pages(ApiRequest.get("v1/activity-logs"), query, ActivityLog.class, "activity_logs");
    }
}
