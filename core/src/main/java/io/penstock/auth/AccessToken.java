package io.penstock.auth;

import io.penstock.http.Secret;
import io.penstock.ratelimit.TimeNotation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A short-lived token that a secret was exchanged for.
 *
 * @param value the token that goes into the header
 * @param expiresAt the expiry time, or null if only a refusal reveals it; a time in the past also counts as unknown
 * @param nextSecret the secret for the next exchange, if the server has replaced it; or null
 */
public record AccessToken(
        Secret value, @Nullable Instant expiresAt, @Nullable Secret nextSecret) {

    /** Creates a token of a secret that stays. */
    public AccessToken(Secret value, @Nullable Instant expiresAt) {
        this(value, expiresAt, null);
    }

    /** Returns a copy with the secret for the next exchange. */
    public AccessToken withNextSecret(Secret next) {
        return new AccessToken(value, expiresAt, next);
    }

    /**
     * Returns a token with the lifetime that the server states.
     *
     * @param life the lifetime or the expiry time: {@code expires_in} in seconds (RFC 6749 §5.1), a duration, an epoch
     *     time or an instant, as a number or as text; null or anything else means that only a refusal reveals the
     *     expiry
     * @param receivedAt the time of the response
     */
    public static AccessToken living(Secret value, @Nullable String life, Instant receivedAt) {
        return new AccessToken(value, life == null ? null : TimeNotation.end(life, receivedAt));
    }
}
