package io.penstock.request;

import io.penstock.annotation.Internal;
import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one request that replace those of its client.
 *
 * @param maxAttempts the maximum number of attempts; 0 for the client's
 * @param attemptTimeoutNanos the time of one attempt; 0 for the client's
 * @param maxResponseBytes the maximum size of a decoded body; 0 for the client's
 * @param patienceNanos the longest wait for a turn; negative for the rest of the deadline
 * @param credential the secret that is sent; null for the client's
 * @hidden
 */
@Internal
public record CallSettings(
        int maxAttempts,
        long attemptTimeoutNanos,
        int maxResponseBytes,
        long patienceNanos,
        @Nullable Secret credential) {

    /** The settings of a request that sets none. */
    public static final CallSettings NONE = new CallSettings(0, 0, 0, -1, null);

    /** Returns the settings of a request, always the same object if it sets none. */
    static CallSettings of(ApiRequest<?> request) {
        Integer attempts = request.maxAttempts();
        Duration attemptTimeout = request.attemptTimeout();
        Integer bytes = request.maxResponseBytes();
        Duration patience = request.patience();
        Secret credential = request.credential();
        if (attempts == null && attemptTimeout == null && bytes == null && patience == null && credential == null) {
            return NONE;
        }
        return new CallSettings(
                attempts == null ? 0 : attempts,
                attemptTimeout == null ? 0 : Durations.nanosOf(attemptTimeout),
                bytes == null ? 0 : bytes,
                patience == null ? -1 : Durations.nanosOf(patience),
                credential);
    }

    /** A key of this process, so that a label reveals nothing of a secret. */
    private static final String SALT = UUID.randomUUID().toString();

    /** Initializes this class, on a thread that may block. */
    public static void prepare() {
        Objects.requireNonNull(SALT);
    }

    /**
     * Returns the suffix by which the quotas of the request's own secret are told from others: a hash that only this process
     * can make; empty without such a secret.
     */
    public String credentialLabel() {
        return credential == null ? "" : label(credential);
    }

    private static String label(Secret secret) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            byte[] digest = hash.digest((SALT + secret.reveal()).getBytes(StandardCharsets.UTF_8));
            return " of credential " + HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns what the request sets, for {@code explain}; empty if that is nothing. */
    public String describe() {
        return (maxAttempts == 0 ? "" : ", at most " + maxAttempts + " attempts")
                + (attemptTimeoutNanos == 0 ? "" : ", attempt timeout " + attemptTimeoutNanos / 1_000_000 + " ms")
                + (maxResponseBytes == 0 ? "" : ", body up to " + maxResponseBytes + " bytes")
                + (patienceNanos < 0 ? "" : ", patience " + patienceNanos / 1_000_000 + " ms")
                + (credential == null ? "" : ", with a credential of its own");
    }

    /** Returns the given number of attempts, or this one in its place. */
    public int maxAttempts(int ofClient) {
        return maxAttempts == 0 ? ofClient : maxAttempts;
    }

    /** Returns the given timeout of an attempt, or this one in its place. */
    public long attemptTimeoutNanos(long ofClient) {
        return attemptTimeoutNanos == 0 ? ofClient : attemptTimeoutNanos;
    }

    /** Returns the given limit of a body, or this one in its place. */
    public int maxResponseBytes(int ofClient) {
        return maxResponseBytes == 0 ? ofClient : maxResponseBytes;
    }
}
