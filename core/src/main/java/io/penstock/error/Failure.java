package io.penstock.error;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The facts of one failure, as an immutable value. {@link ApiException} and the vendors' own exceptions are created
 * from it.
 *
 * @param kind the kind of failure
 * @param certainty whether the server may have acted
 * @param retryability whether sending again can help
 * @param message one line that names the thing, the value and what was expected; of the body it quotes at most the
 *     server's own message, redacted
 * @param status the HTTP status, or 0 if no response was received
 * @param code the vendor's machine-readable code, or null
 * @param serverMessage the server's own text, or null
 * @param requestId the id under which the vendor's support finds the request, or null
 * @param fieldErrors the server's errors by field
 * @param details the other members of the error envelope, as a tree; a missing node if there are none
 * @param retryAfter how long the server, or an open circuit, asks to wait, or null
 * @param maxAttempts the total number of attempts that such a failure is worth, or 0 to use the retry policy's
 * @param remedy what a person can do about it, or null
 * @param bodyExcerpt the beginning of the body, bounded and redacted, or null
 * @param cause the underlying exception, if its text is safe to show, or null
 * @param phase the phase that timed out, or null if none did
 */
public record Failure(
        ErrorKind kind,
        Certainty certainty,
        Retryability retryability,
        String message,
        int status,
        @Nullable String code,
        @Nullable String serverMessage,
        @Nullable String requestId,
        List<FieldError> fieldErrors,
        JsonNode details,
        @Nullable Duration retryAfter,
        int maxAttempts,
        @Nullable String remedy,
        @Nullable String bodyExcerpt,
        @Nullable Throwable cause,
        @Nullable Phase phase) {

    /** Creates a failure without a response. */
    public static Failure of(ErrorKind kind, Certainty certainty, Retryability retryability, String message) {
        return new Failure(
                kind,
                certainty,
                retryability,
                message,
                0,
                null,
                null,
                null,
                List.of(),
                MissingNode.getInstance(),
                null,
                0,
                null,
                null,
                null,
                null);
    }

    /** Returns a copy with another certainty. */
    public Failure withCertainty(Certainty newCertainty) {
        return with(newCertainty, message, status, bodyExcerpt, cause, phase);
    }

    /**
     * Returns a copy for a call in which an earlier attempt has a stronger certainty than the last one; the message
     * says so.
     */
    public Failure afterAttempt(Certainty earlier) {
        String was = earlier == Certainty.PROCESSED ? "was" : "may have been";
        return with(earlier, message + "; an earlier attempt " + was + " processed", status, bodyExcerpt, cause, phase);
    }

    /** Returns a copy with another message. */
    public Failure withMessage(String newMessage) {
        return with(certainty, newMessage, status, bodyExcerpt, cause, phase);
    }

    /** Returns a copy with the status that had been received. */
    public Failure withStatus(int newStatus) {
        return with(certainty, message, newStatus, bodyExcerpt, cause, phase);
    }

    /** Returns a copy with the time to wait before the next attempt. */
    public Failure withRetryAfter(Duration newRetryAfter) {
        return new Failure(
                kind,
                certainty,
                retryability,
                message,
                status,
                code,
                serverMessage,
                requestId,
                fieldErrors,
                details,
                newRetryAfter,
                maxAttempts,
                remedy,
                bodyExcerpt,
                cause,
                phase);
    }

    /** Returns a copy that is worth this many attempts in total. */
    public Failure withMaxAttempts(int newMaxAttempts) {
        return new Failure(
                kind,
                certainty,
                retryability,
                message,
                status,
                code,
                serverMessage,
                requestId,
                fieldErrors,
                details,
                retryAfter,
                newMaxAttempts,
                remedy,
                bodyExcerpt,
                cause,
                phase);
    }

    /** Returns a copy with the underlying exception. */
    public Failure withCause(Throwable newCause) {
        return with(certainty, message, status, bodyExcerpt, newCause, phase);
    }

    /** Returns a copy with the beginning of the body, already bounded and redacted. */
    public Failure withBodyExcerpt(String newExcerpt) {
        return with(certainty, message, status, newExcerpt, cause, phase);
    }

    /** Returns a copy with the phase that timed out. */
    public Failure withPhase(Phase newPhase) {
        return with(certainty, message, status, bodyExcerpt, cause, newPhase);
    }

    private Failure with(
            Certainty newCertainty,
            String newMessage,
            int newStatus,
            @Nullable String newExcerpt,
            @Nullable Throwable newCause,
            @Nullable Phase newPhase) {
        return new Failure(
                kind,
                newCertainty,
                retryability,
                newMessage,
                newStatus,
                code,
                serverMessage,
                requestId,
                fieldErrors,
                details,
                retryAfter,
                maxAttempts,
                remedy,
                newExcerpt,
                newCause,
                newPhase);
    }

    /**
     * Returns kind, status, code, certainty and retryability, but no body and no details, which may hold sensitive
     * data.
     */
    @Override
    public String toString() {
        return "Failure[" + kind + (status == 0 ? "" : " " + status) + (code == null ? "" : " " + code) + ", "
                + certainty + ", " + retryability + "]";
    }
}
