package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A user of the tenant.
 *
 * @param userId the id
 * @param email the address
 * @param role the role's name
 * @param roleId the role's id
 * @param loginType the type of login, such as {@code sso}
 * @param lastLoginTime the time of the last login
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record User(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long userId,

        @Nullable String email,
        @Nullable String role,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long roleId,

        @Nullable String loginType,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant lastLoginTime,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public User {
        more = Map.copyOf(more);
    }
}
