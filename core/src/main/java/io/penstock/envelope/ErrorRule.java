package io.penstock.envelope;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of one error of a vendor.
 *
 * @param kind the kind of failure
 * @param retryability whether sending again can help
 * @param certainty whether the server acted; null derives it from the status
 * @param maxAttempts the total number of attempts that it is worth; 0 leaves it to the retry policy. More than 1 for a
 *     permanent rejection of the credential replaces a token that the client has fetched first
 * @param remedy what a person can do about it, or null
 */
public record ErrorRule(
        ErrorKind kind,
        Retryability retryability,
        @Nullable Certainty certainty,
        int maxAttempts,
        @Nullable String remedy) {

    /** Creates a rule for an error that repeats if the request is sent again; the server did not act. */
    public static ErrorRule permanent(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.PERMANENT, Certainty.REJECTED, 0, null);
    }

    /** Creates a rule for a transient error; the status determines whether the server acted. */
    public static ErrorRule transientError(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.TRANSIENT, null, 0, null);
    }

    /** Creates a rule for an error that somebody must resolve first; the server did not act. */
    public static ErrorRule afterAction(ErrorKind kind, String remedy) {
        return new ErrorRule(kind, Retryability.AFTER_ACTION, Certainty.REJECTED, 0, remedy);
    }

    /**
     * Creates a rule for an error that a fresh credential may resolve, if one can be fetched; the server did not act.
     */
    public static ErrorRule renewable() {
        return new ErrorRule(ErrorKind.AUTHENTICATION, Retryability.AFTER_RENEWAL, Certainty.REJECTED, 0, null);
    }

    /**
     * Creates a rule for a malformed credential. The error is permanent, unless the credential is a token that the
     * client has fetched. Such a token is replaced once; if a fresh one is rejected in the same way, that is permanent
     * too.
     */
    public static ErrorRule malformedCredential() {
        return permanent(ErrorKind.AUTHENTICATION).withMaxAttempts(2);
    }

    /**
     * Creates a rule for another request with the same idempotency key that is still in progress. It may succeed, so
     * this request is sent again with the same key, to receive the answer of the first. The draft of the
     * {@code Idempotency-Key} header uses 409 for it.
     */
    public static ErrorRule keyInProgress() {
        return new ErrorRule(ErrorKind.KEY_IN_PROGRESS, Retryability.TRANSIENT, Certainty.MAYBE_PROCESSED, 0, null);
    }

    /**
     * Creates a rule for an idempotency key that was used for a different request, so that this one can never succeed
     * with it. The draft of the {@code Idempotency-Key} header uses 422 for it.
     */
    public static ErrorRule keyReused() {
        return new ErrorRule(
                ErrorKind.KEY_REUSED,
                Retryability.PERMANENT,
                Certainty.REJECTED,
                0,
                "derive the key from all that tells the orders apart, or ask for a new effect with withNewIdempotencyKey()");
    }

    /** Returns a copy with a certainty, where the API's documentation is more specific than the status. */
    public ErrorRule withCertainty(Certainty newCertainty) {
        return new ErrorRule(kind, retryability, newCertainty, maxAttempts, remedy);
    }

    /** Returns a copy that is worth this many attempts in total. */
    public ErrorRule withMaxAttempts(int newMaxAttempts) {
        return new ErrorRule(kind, retryability, certainty, newMaxAttempts, remedy);
    }

    /** Returns a copy with a remedy. */
    public ErrorRule withRemedy(String newRemedy) {
        return new ErrorRule(kind, retryability, certainty, maxAttempts, newRemedy);
    }
}
