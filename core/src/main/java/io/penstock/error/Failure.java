package io.penstock.error;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The facts of one failure, as an immutable value: what {@link ApiException} and a vendor's own exceptions are made of.
 *
 * @param kind what went wrong
 * @param certainty whether the server may have acted
 * @param retryability whether sending again can help
 * @param message one line: what, value, what was expected; of a body at most the server's own message, redacted
 * @param status the HTTP status, or 0 where no response was received
 * @param code the vendor's machine code, where it sent one
 * @param serverMessage the server's own text, where it sent one
 * @param requestId the id under which the vendor's support finds the request
 * @param fieldErrors the server's complaints field by field
 * @param details what else the error envelope carried, as a tree; a missing node where there is nothing
 * @param retryAfter how long the server, or an open circuit, asks to wait
 * @param maxAttempts how often such a failure is worth trying in all, or 0 for what the retry policy says
 * @param remedy what a person can do about it
 * @param bodyExcerpt the beginning of the body, bounded and redacted
 * @param cause the exception behind it, where its text is safe to show
 * @param phase the phase whose time ran out, or null where no time did
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

    /** A failure without a response. */
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

    /** The same failure, of which is known now what the server did. */
    public Failure withCertainty(Certainty newCertainty) {
        return with(newCertainty, message, status, bodyExcerpt, cause, phase);
    }

    /** The last failure of a call of which an earlier attempt admits more of an effect than the last one does. */
    public Failure afterAttempt(Certainty earlier) {
        String was = earlier == Certainty.PROCESSED ? "was" : "may have been";
        return with(earlier, message + "; an earlier attempt " + was + " processed", status, bodyExcerpt, cause, phase);
    }

    /** The same failure, told in other words. */
    public Failure withMessage(String newMessage) {
        return with(certainty, newMessage, status, bodyExcerpt, cause, phase);
    }

    /** The same failure, with the status that had arrived. */
    public Failure withStatus(int newStatus) {
        return with(certainty, message, newStatus, bodyExcerpt, cause, phase);
    }

    /** The same failure, with how long to wait before trying again. */
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

    /** The same failure, worth that many attempts in all. */
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

    /** The same failure, with the exception behind it. */
    public Failure withCause(Throwable newCause) {
        return with(certainty, message, status, bodyExcerpt, newCause, phase);
    }

    /** The same failure, with the beginning of the body, already bounded and redacted. */
    public Failure withBodyExcerpt(String newExcerpt) {
        return with(certainty, message, status, newExcerpt, cause, phase);
    }

    /** The same failure, with the phase whose time ran out. */
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

    /** Kind, status, code and certainty: no body and no details, which may hold what nobody should log. */
    @Override
    public String toString() {
        return "Failure[" + kind + (status == 0 ? "" : " " + status) + (code == null ? "" : " " + code) + ", "
                + certainty + ", " + retryability + "]";
    }
}
