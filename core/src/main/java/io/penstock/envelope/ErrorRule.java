package io.penstock.envelope;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import org.jspecify.annotations.Nullable;

/**
 * What one error of a vendor means.
 *
 * @param kind what went wrong
 * @param retryability whether sending again can help
 * @param certainty whether the server acted; null leaves it to the status
 * @param maxAttempts how often it is worth trying in all; 0 leaves it to the retry policy. More than 1 for a permanent refusal
 *     of the credential: a token that the client has fetched is replaced first
 * @param remedy what a person can do about it, or null
 */
public record ErrorRule(
        ErrorKind kind,
        Retryability retryability,
        @Nullable Certainty certainty,
        int maxAttempts,
        @Nullable String remedy) {

    /** Sending it again fails in the same way; the server did not act. */
    public static ErrorRule permanent(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.PERMANENT, Certainty.REJECTED, 0, null);
    }

    /** Time may heal it; whether the server acted follows from the status. */
    public static ErrorRule passing(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.TRANSIENT, null, 0, null);
    }

    /** Somebody has to act first; the server did not act. */
    public static ErrorRule afterAction(ErrorKind kind, String remedy) {
        return new ErrorRule(kind, Retryability.AFTER_ACTION, Certainty.REJECTED, 0, remedy);
    }

    /** A fresh credential may help, where one can be fetched; the server did not act. */
    public static ErrorRule renewable() {
        return new ErrorRule(ErrorKind.AUTHENTICATION, Retryability.AFTER_RENEWAL, Certainty.REJECTED, 0, null);
    }

    /**
     * The credential is malformed: permanent, unless it is a token that the client has fetched. That is given up for another,
     * once; a fresh one that is refused in the same way is permanent too.
     */
    public static ErrorRule malformedCredential() {
        return permanent(ErrorKind.AUTHENTICATION).withMaxAttempts(2);
    }

    /**
     * Another request with this idempotency key is still being worked on: it may succeed, so this one is sent again with the
     * same key, for the answer of the first. The draft of the {@code Idempotency-Key} header has 409 for it.
     */
    public static ErrorRule keyInProgress() {
        return new ErrorRule(ErrorKind.KEY_IN_PROGRESS, Retryability.TRANSIENT, Certainty.MAYBE_PROCESSED, 0, null);
    }

    /**
     * The idempotency key stands for a different request: under it, this one will never be done. The draft of the
     * {@code Idempotency-Key} header has 422 for it.
     */
    public static ErrorRule keyReused() {
        return new ErrorRule(
                ErrorKind.KEY_REUSED,
                Retryability.PERMANENT,
                Certainty.REJECTED,
                0,
                "derive the key from all that tells the orders apart, or ask for a new effect with fresh()");
    }

    /** The same rule, where the documents know better than the status whether the server acted. */
    public ErrorRule withCertainty(Certainty newCertainty) {
        return new ErrorRule(kind, retryability, newCertainty, maxAttempts, remedy);
    }

    /** The same rule, worth that many attempts in all. */
    public ErrorRule withMaxAttempts(int newMaxAttempts) {
        return new ErrorRule(kind, retryability, certainty, newMaxAttempts, remedy);
    }

    /** The same rule, with advice. */
    public ErrorRule withRemedy(String newRemedy) {
        return new ErrorRule(kind, retryability, certainty, maxAttempts, newRemedy);
    }
}
