package io.penstock.envelope;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of one error of a vendor.
 *
 * @param kind the kind of failure
 * @param retryability whether sending again can help
 * @param certainty whether the server acted; null derives it from the status
 * @param repeats how often and how soon the request is sent again at most
 * @param remedy what a person can do about it, or null
 */
public record ErrorRule(
        ErrorKind kind,
        Retryability retryability,
        @Nullable Certainty certainty,
        Repeats repeats,
        @Nullable String remedy) {

    private static final Repeats BY_POLICY = new Repeats(0, null);

    /**
     * The limits of sending again.
     *
     * @param maxAttempts the total number of attempts that the error is worth; 0 leaves it to the retry policy. More than 1
     *     for a permanent rejection of the credential replaces a token that the client has fetched first
     * @param leastWait the time to wait where the response does not say how long; null leaves it to the retry policy
     */
    public record Repeats(int maxAttempts, @Nullable Duration leastWait) {

        /** Checks the limits; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Repeats {
            if (maxAttempts < 0) {
                throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: 0 or more)");
            }
            if (leastWait != null && (leastWait.isNegative() || leastWait.isZero())) {
                throw ApiException.invalidConfiguration("leastWait: " + leastWait + " (expected: more than zero)");
            }
        }
    }

    /** Creates a rule without limits of its own. */
    public ErrorRule(
            ErrorKind kind, Retryability retryability, @Nullable Certainty certainty, @Nullable String remedy) {
        this(kind, retryability, certainty, BY_POLICY, remedy);
    }

    /** Returns the total number of attempts that the error is worth; 0 leaves it to the retry policy. */
    public int maxAttempts() {
        return repeats.maxAttempts;
    }

    /** Creates a rule for an error that repeats if the request is sent again; the server did not act. */
    public static ErrorRule permanent(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.PERMANENT, Certainty.REJECTED, null);
    }

    /** Creates a rule for a transient error; the status determines whether the server acted. */
    public static ErrorRule transientError(ErrorKind kind) {
        return new ErrorRule(kind, Retryability.TRANSIENT, null, null);
    }

    /** Creates a rule for an error that somebody must resolve first; the server did not act. */
    public static ErrorRule afterAction(ErrorKind kind, String remedy) {
        return new ErrorRule(kind, Retryability.AFTER_ACTION, Certainty.REJECTED, remedy);
    }

    /**
     * Creates a rule for an error that a fresh credential may resolve, if one can be fetched; the server did not act.
     */
    public static ErrorRule renewable() {
        return new ErrorRule(ErrorKind.AUTHENTICATION, Retryability.AFTER_RENEWAL, Certainty.REJECTED, null);
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
        return new ErrorRule(ErrorKind.KEY_IN_PROGRESS, Retryability.TRANSIENT, Certainty.MAYBE_PROCESSED, null);
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
                "derive the key from all that tells the orders apart, or ask for a new effect with withNewIdempotencyKey()");
    }

    /** Returns a copy with a certainty, where the API's documentation is more specific than the status. */
    public ErrorRule withCertainty(Certainty newCertainty) {
        return new ErrorRule(kind, retryability, newCertainty, repeats, remedy);
    }

    /** Returns a copy that is worth this many attempts in total. */
    public ErrorRule withMaxAttempts(int newMaxAttempts) {
        return new ErrorRule(kind, retryability, certainty, new Repeats(newMaxAttempts, repeats.leastWait), remedy);
    }

    /** Returns a copy with a remedy. */
    public ErrorRule withRemedy(String newRemedy) {
        return new ErrorRule(kind, retryability, certainty, repeats, newRemedy);
    }

    /**
     * Returns a copy that waits at least this long before the request is sent again, if the response does not say how long:
     * neither by a wait nor by the reset of a quota that is used up. A refusal for a limit holds all calls of the quota for
     * that time.
     */
    public ErrorRule withLeastWait(Duration newLeastWait) {
        return new ErrorRule(kind, retryability, certainty, new Repeats(repeats.maxAttempts, newLeastWait), remedy);
    }
}
