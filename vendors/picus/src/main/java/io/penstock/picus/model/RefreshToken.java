package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/**
 * The replacement of a refresh token.
 *
 * @param id its id
 * @param name its name
 * @param token the new refresh token
 * @param createdAt the time of creation
 * @param expiredAt the time of expiry
 * @param isExpired whether it has expired
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RefreshToken(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable String name,
        @Nullable Secret token,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant expiredAt,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean isExpired,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public RefreshToken {
        more = Map.copyOf(more);
    }

    /** Creates a token from headers, as in the contract: each member in a header of its name. */
    public static RefreshToken ofHeaders(Headers headers) {
        String token = headers.first("token");
        return new RefreshToken(
                Lenient.whole(text(headers, "id")),
                headers.first("name"),
                token == null ? null : Secret.of(token),
                Lenient.time(text(headers, "created_at")),
                Lenient.time(text(headers, "expired_at")),
                Lenient.flag(text(headers, "is_expired")),
                Map.of());
    }

    private static JsonNode text(Headers headers, String name) {
        String value = headers.first(name);
        return value == null ? NullNode.getInstance() : StringNode.valueOf(value);
    }
}
