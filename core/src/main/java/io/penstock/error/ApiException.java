package io.penstock.error;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import tools.jackson.databind.JsonNode;

/**
 * The one error type of this library: every {@code Mono} of a client emits a value, completes empty, or fails with
 * this.
 *
 * <p>Vendors subclass it if their API has codes worth catching by class. It has no stack trace, because an expected
 * status is not a programming error and its {@link #journey()} says more. Only bad input
 * ({@link ErrorKind#INVALID_REQUEST}, {@link ErrorKind#INVALID_CONFIGURATION}) carries one, to point to the caller's
 * line.
 *
 * <p>Nothing it prints holds a secret. The message consists of the request's path, statuses, codes, the server's own
 * message, the first of its field errors and the request id, each bounded and redacted. {@link #bodyExcerpt()} is
 * bounded, redacted and never part of the message.
 */
public class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private transient volatile @Nullable Journey journey;
    private transient volatile @Nullable Instant retryAt;
    private transient volatile boolean actsOnce;
    private transient volatile @Nullable String resumeToken;

    /** Creates an exception from the facts of the failure. */
    public ApiException(Failure failure) {
        super(messageOf(failure), failure.cause(), true, isBadInput(failure.kind()));
        this.failure = failure;
    }

    /** Returns the failure in one line, followed by the field errors and the request id. */
    private static String messageOf(Failure failure) {
        String requestId = failure.requestId();
        if (failure.fieldErrors().isEmpty() && requestId == null) {
            return failure.message();
        }
        StringBuilder message = new StringBuilder(failure.message());
        FieldErrorText.append(failure, message);
        if (requestId != null) {
            message.append(" (request ");
            FieldErrorText.appendLine(requestId, message);
            message.append(')');
        }
        return message.toString();
    }

    private static boolean isBadInput(ErrorKind kind) {
        return kind == ErrorKind.INVALID_REQUEST || kind == ErrorKind.INVALID_CONFIGURATION;
    }

    /**
     * Creates an error for a request that cannot be sent as it is. The message names the thing, the value, what was
     * expected, and what to do.
     */
    public static ApiException invalidRequest(String message) {
        return new ApiException(
                Failure.of(ErrorKind.INVALID_REQUEST, Certainty.NOT_SENT, Retryability.PERMANENT, message));
    }

    /**
     * Creates an error for a client that cannot be built as configured. The message names the thing, the value, what
     * was expected, and what to do.
     */
    public static ApiException invalidConfiguration(String message) {
        return new ApiException(
                Failure.of(ErrorKind.INVALID_CONFIGURATION, Certainty.NOT_SENT, Retryability.PERMANENT, message));
    }

    /** Returns all facts as one value. */
    public final Failure failure() {
        return failure;
    }

    /** Returns the kind of failure. */
    public final ErrorKind kind() {
        return failure.kind();
    }

    /** Returns whether the server may have acted on any of the call's attempts. */
    public final Certainty certainty() {
        return failure.certainty();
    }

    /**
     * Returns whether the same request can be sent again without acting twice: because the server did not act, or
     * because the request is idempotent or carries an idempotency key that is still valid.
     */
    public final boolean safeToRepeat() {
        return actsOnce || !certainty().mayHaveActed();
    }

    /** Returns whether sending the same request again can help. */
    public final Retryability retryability() {
        return failure.retryability();
    }

    /** Returns the HTTP status, or 0 if no response was received. */
    public final int status() {
        return failure.status();
    }

    /** Returns the vendor's machine-readable code, or null if it sent none. */
    public final @Nullable String code() {
        return failure.code();
    }

    /**
     * Returns the server's own text, or null if it sent none. The text may change at any time: switch on
     * {@link #code()} instead.
     */
    public final @Nullable String serverMessage() {
        return failure.serverMessage();
    }

    /** Returns the id under which the vendor's support finds the request, or null if it sent none. */
    public final @Nullable String requestId() {
        return failure.requestId();
    }

    /** Returns the server's errors by field; empty if it sent none. */
    public final List<FieldError> fieldErrors() {
        return failure.fieldErrors();
    }

    /** Returns the other members of the error envelope; a missing node if there are none. */
    public final JsonNode details() {
        return failure.details();
    }

    /** Returns how long the server, or an open circuit, asks to wait, or null. */
    public final @Nullable Duration retryAfter() {
        return failure.retryAfter();
    }

    /** Returns when a retry makes sense, as wall-clock time, or null if no time is known. */
    public final @Nullable Instant retryAt() {
        return retryAt;
    }

    /** Returns what a person can do about it, or null. */
    public final @Nullable String remedy() {
        return failure.remedy();
    }

    /** Returns the beginning of the body (at most 2 KiB, secrets redacted), or null if there was none. */
    public final @Nullable String bodyExcerpt() {
        return failure.bodyExcerpt();
    }

    /** Returns the phase that timed out, or null if none did. */
    public final @Nullable Phase phase() {
        return failure.phase();
    }

    /** Returns what happened, attempt by attempt. It is empty for bad input that never became a call. */
    public final Journey journey() {
        Journey known = journey;
        return known == null ? Journey.none() : known;
    }

    /**
     * Returns the token that continues an interrupted list with {@code Pages.resumeFrom}, or null if
     * no list was being read. The token holds no credential and may be stored.
     */
    public final @Nullable String resumeToken() {
        return resumeToken;
    }

    /**
     * Returns the exception that a vendor's function creates for a failure. If the function throws or returns null, a
     * plain exception carries the failure, and what was thrown as a suppressed exception: a mistake in the function must not
     * hide the failure.
     *
     * @hidden
     */
    @Internal
    public static ApiException of(Function<Failure, ApiException> vendor, Failure failure) {
        try {
            return Objects.requireNonNull(vendor.apply(failure), "exception");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            ApiException plain = new ApiException(failure);
            plain.addSuppressed(e);
            return plain;
        }
    }

    /**
     * Completes the error of a failed call. The client calls this once, before the error reaches the caller.
     *
     * @hidden
     */
    @Internal
    public final ApiException conclude(Journey concluded, @Nullable Instant again, boolean requestActsOnce) {
        this.journey = Objects.requireNonNull(concluded, "concluded");
        this.retryAt = again;
        this.actsOnce = requestActsOnce;
        return this;
    }

    /**
     * Completes the error of a list that failed with one of its pages. The client calls this once.
     *
     * @hidden
     */
    @Internal
    public final ApiException resumableWith(@Nullable String token) {
        this.resumeToken = token;
        return this;
    }
}
