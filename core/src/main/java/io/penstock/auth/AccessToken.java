package io.penstock.auth;

import io.penstock.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a secret was exchanged for.
 *
 * @param value goes into the header
 * @param expiresAt when it dies, or null if only a refusal tells
 */
public record AccessToken(Secret value, @Nullable Instant expiresAt) {}
