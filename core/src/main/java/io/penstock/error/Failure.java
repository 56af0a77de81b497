package io.penstock.error;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The facts of one failure, as an immutable value. {@link ApiException} and the vendors' own exceptions are created
 * from it. Two failures are equal if all their facts are.
 */
public final class Failure {

    private final Facts facts;

    private Failure(Facts facts) {
        this.facts = facts;
    }

    /** Creates a failure without a response. */
    public static Failure of(ErrorKind kind, Certainty certainty, Retryability retryability, String message) {
        return new Failure(new Facts(kind, certainty, retryability, message));
    }

    /** The facts, which are changed only between their copying and the creation of a failure. */
    private static final class Facts {
        ErrorKind kind;
        Certainty certainty;
        Retryability retryability;
        String message;
        int status;

        @Nullable
        String code;

        @Nullable
        String serverMessage;

        @Nullable
        String requestId;

        List<FieldError> fieldErrors = List.of();
        JsonNode details = MissingNode.getInstance();

        @Nullable
        Duration retryAfter;

        int maxAttempts;

        @Nullable
        String remedy;

        @Nullable
        String bodyExcerpt;

        @Nullable
        Throwable cause;

        @Nullable
        Phase phase;

        Facts(ErrorKind kind, Certainty certainty, Retryability retryability, String message) {
            this.kind = kind;
            this.certainty = certainty;
            this.retryability = retryability;
            this.message = message;
        }

        Facts(Facts other) {
            this(other.kind, other.certainty, other.retryability, other.message);
            this.status = other.status;
            this.code = other.code;
            this.serverMessage = other.serverMessage;
            this.requestId = other.requestId;
            this.fieldErrors = other.fieldErrors;
            this.details = other.details;
            this.retryAfter = other.retryAfter;
            this.maxAttempts = other.maxAttempts;
            this.remedy = other.remedy;
            this.bodyExcerpt = other.bodyExcerpt;
            this.cause = other.cause;
            this.phase = other.phase;
        }

        List<@Nullable Object> all() {
            return Arrays.asList(
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
                    maxAttempts,
                    remedy,
                    bodyExcerpt,
                    cause,
                    phase);
        }
    }

    /** Returns the kind of failure. */
    public ErrorKind kind() {
        return facts.kind;
    }

    /** Returns whether the server may have acted. */
    public Certainty certainty() {
        return facts.certainty;
    }

    /** Returns whether sending again can help. */
    public Retryability retryability() {
        return facts.retryability;
    }

    /** Returns one line that names the thing, the value and what was expected; of the body it quotes at most the server's own message, redacted. */
    public String message() {
        return facts.message;
    }

    /** Returns the HTTP status, or 0 if no response was received. */
    public int status() {
        return facts.status;
    }

    /** Returns the vendor's machine-readable code, or null. */
    public @Nullable String code() {
        return facts.code;
    }

    /** Returns the server's own text, or null. */
    public @Nullable String serverMessage() {
        return facts.serverMessage;
    }

    /** Returns the id under which the vendor's support finds the request, or null. */
    public @Nullable String requestId() {
        return facts.requestId;
    }

    /** Returns the server's errors by field. */
    public List<FieldError> fieldErrors() {
        return facts.fieldErrors;
    }

    /** Returns the other members of the error envelope, as a tree; a missing node if there are none. */
    public JsonNode details() {
        return facts.details;
    }

    /** Returns how long the server, or an open circuit, asks to wait, or null. */
    public @Nullable Duration retryAfter() {
        return facts.retryAfter;
    }

    /** Returns the total number of attempts that such a failure is worth, or 0 to use the retry policy's. */
    public int maxAttempts() {
        return facts.maxAttempts;
    }

    /** Returns what a person can do about it, or null. */
    public @Nullable String remedy() {
        return facts.remedy;
    }

    /** Returns the beginning of the body, bounded and redacted, or null. */
    public @Nullable String bodyExcerpt() {
        return facts.bodyExcerpt;
    }

    /** Returns the underlying exception, if its text is safe to show, or null. */
    public @Nullable Throwable cause() {
        return facts.cause;
    }

    /** Returns the phase that timed out, or null if none did. */
    public @Nullable Phase phase() {
        return facts.phase;
    }

    private Failure with(Consumer<Facts> change) {
        Facts changed = new Facts(facts);
        change.accept(changed);
        return new Failure(changed);
    }

    /** Returns a copy with another kind. */
    public Failure withKind(ErrorKind newKind) {
        return with(copy -> copy.kind = newKind);
    }

    /** Returns a copy with another certainty. */
    public Failure withCertainty(Certainty newCertainty) {
        return with(copy -> copy.certainty = newCertainty);
    }

    /** Returns a copy with another retryability. */
    public Failure withRetryability(Retryability newRetryability) {
        return with(copy -> copy.retryability = newRetryability);
    }

    /** Returns a copy with another message. */
    public Failure withMessage(String newMessage) {
        return with(copy -> copy.message = newMessage);
    }

    /** Returns a copy with the status that had been received. */
    public Failure withStatus(int newStatus) {
        return with(copy -> copy.status = newStatus);
    }

    /** Returns a copy with the vendor's code. */
    public Failure withCode(@Nullable String newCode) {
        return with(copy -> copy.code = newCode);
    }

    /** Returns a copy with the server's own text, already redacted. */
    public Failure withServerMessage(@Nullable String newServerMessage) {
        return with(copy -> copy.serverMessage = newServerMessage);
    }

    /** Returns a copy with the id under which the vendor's support finds the request. */
    public Failure withRequestId(@Nullable String newRequestId) {
        return with(copy -> copy.requestId = newRequestId);
    }

    /** Returns a copy with the server's errors by field. */
    public Failure withFieldErrors(List<FieldError> newFieldErrors) {
        return with(copy -> copy.fieldErrors = List.copyOf(newFieldErrors));
    }

    /** Returns a copy with the other members of the error envelope. */
    public Failure withDetails(JsonNode newDetails) {
        return with(copy -> copy.details = newDetails);
    }

    /** Returns a copy with the time to wait before the next attempt. */
    public Failure withRetryAfter(@Nullable Duration newRetryAfter) {
        return with(copy -> copy.retryAfter = newRetryAfter);
    }

    /** Returns a copy that is worth this many attempts in total. */
    public Failure withMaxAttempts(int newMaxAttempts) {
        return with(copy -> copy.maxAttempts = newMaxAttempts);
    }

    /** Returns a copy with advice for a person. */
    public Failure withRemedy(@Nullable String newRemedy) {
        return with(copy -> copy.remedy = newRemedy);
    }

    /** Returns a copy with the beginning of the body, already bounded and redacted. */
    public Failure withBodyExcerpt(@Nullable String newBodyExcerpt) {
        return with(copy -> copy.bodyExcerpt = newBodyExcerpt);
    }

    /** Returns a copy with the underlying exception. */
    public Failure withCause(@Nullable Throwable newCause) {
        return with(copy -> copy.cause = newCause);
    }

    /** Returns a copy with the phase that timed out. */
    public Failure withPhase(@Nullable Phase newPhase) {
        return with(copy -> copy.phase = newPhase);
    }

    /**
     * Returns a copy for a call in which an earlier attempt has a stronger certainty than the last one; the message
     * says so.
     */
    public Failure afterAttempt(Certainty earlier) {
        String was = earlier == Certainty.PROCESSED ? "was" : "may have been";
        return withCertainty(earlier).withMessage(message() + "; an earlier attempt " + was + " processed");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Failure failure && facts.all().equals(failure.facts.all());
    }

    @Override
    public int hashCode() {
        return facts.all().hashCode();
    }

    /**
     * Returns kind, status, code, certainty and retryability, but no body and no details, which may hold sensitive
     * data.
     */
    @Override
    public String toString() {
        return "Failure[" + kind() + (status() == 0 ? "" : " " + status()) + (code() == null ? "" : " " + code()) + ", "
                + certainty() + ", " + retryability() + "]";
    }
}
