package io.penstock.auth;

import io.penstock.http.Secret;
import io.penstock.ratelimit.TimeNotation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a secret was exchanged for.
 *
 * @param value goes into the header
 * @param expiresAt when it dies, or null if only a refusal tells; a time that is over already counts as unknown
 */
public record AccessToken(Secret value, @Nullable Instant expiresAt) {

    /**
     * Returns a token that lives as long as its server says.
     *
     * @param life how long it lives, or until when: {@code expires_in} in seconds (RFC 6749 §5.1), a duration, an epoch time or
     *     an instant, as a number or as text; null or anything else where only a refusal tells
     * @param receivedAt the time of the answer
     */
    public static AccessToken living(Secret value, @Nullable String life, Instant receivedAt) {
        return new AccessToken(value, life == null ? null : TimeNotation.end(life, receivedAt));
    }
}
