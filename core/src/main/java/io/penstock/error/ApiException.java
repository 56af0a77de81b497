package io.penstock.error;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The one error of this library: every {@code Mono} of a client ends with a value, empty, or with this.
 *
 * <p>Vendors subclass it where their API has codes worth catching by class. It is made without a stack trace, because
 * an expected status is no programming error and its {@link #journey()} tells more; only bad input
 * ({@link ErrorKind#INVALID_REQUEST}, {@link ErrorKind#INVALID_CONFIGURATION}) carries one, since there the caller's
 * line is the point.
 *
 * <p>Nothing it prints holds a secret: messages are made from the request's path, statuses, codes, the server's own message,
 * the first of its complaints about fields and the request id, each bounded and redacted; {@link #bodyExcerpt()} is bounded,
 * redacted and never part of the message.
 */
public class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private transient volatile @Nullable Journey journey;
    private transient volatile @Nullable Instant retryAt;
    private transient volatile boolean actsOnce;
    private transient volatile @Nullable String resumeToken;

    /** An exception with the facts of the failure. */
    public ApiException(Failure failure) {
        super(messageOf(failure), failure.cause(), true, isBadInput(failure.kind()));
        this.failure = failure;
    }

    /** The failure in a line, then the complaints about fields, then the request id. */
    private static String messageOf(Failure failure) {
        String requestId = failure.requestId();
        if (failure.fieldErrors().isEmpty() && requestId == null) {
            return failure.message();
        }
        StringBuilder message = new StringBuilder(failure.message());
        Complaints.append(failure, message);
        if (requestId != null) {
            message.append(" (request ");
            Complaints.appendLine(requestId, message);
            message.append(')');
        }
        return message.toString();
    }

    private static boolean isBadInput(ErrorKind kind) {
        return kind == ErrorKind.INVALID_REQUEST || kind == ErrorKind.INVALID_CONFIGURATION;
    }

    /** A request that cannot be sent as it stands. The message says what, value, what was expected, what to do. */
    public static ApiException invalidRequest(String message) {
        return new ApiException(
                Failure.of(ErrorKind.INVALID_REQUEST, Certainty.NOT_SENT, Retryability.PERMANENT, message));
    }

    /** A client that cannot be built as configured. The message says what, value, what was expected, what to do. */
    public static ApiException invalidConfiguration(String message) {
        return new ApiException(
                Failure.of(ErrorKind.INVALID_CONFIGURATION, Certainty.NOT_SENT, Retryability.PERMANENT, message));
    }

    /** All facts as one value. */
    public final Failure failure() {
        return failure;
    }

    /** What went wrong. */
    public final ErrorKind kind() {
        return failure.kind();
    }

    /** Whether the server may have acted, on any of the call's attempts. */
    public final Certainty certainty() {
        return failure.certainty();
    }

    /**
     * Whether the same request can be sent again without acting twice: because the server did not act, or because the
     * request is idempotent or carries an idempotency key that still holds.
     */
    public final boolean safeToRepeat() {
        return actsOnce || !certainty().mayHaveActed();
    }

    /** Whether sending the same request again can help. */
    public final Retryability retryability() {
        return failure.retryability();
    }

    /** The HTTP status, or 0 where no response was received. */
    public final int status() {
        return failure.status();
    }

    /** The vendor's machine code, or null where it sent none. */
    public final @Nullable String code() {
        return failure.code();
    }

    /** The server's own text, or null where it sent none. It may change from day to day: switch on {@link #code()}. */
    public final @Nullable String serverMessage() {
        return failure.serverMessage();
    }

    /** The id under which the vendor's support finds the request, or null where it sent none. */
    public final @Nullable String requestId() {
        return failure.requestId();
    }

    /** The server's complaints field by field; empty where it has none. */
    public final List<FieldError> fieldErrors() {
        return failure.fieldErrors();
    }

    /** What else the error envelope carried; a missing node where there is nothing. */
    public final JsonNode details() {
        return failure.details();
    }

    /** How long the server, or an open circuit, asks to wait, or null. */
    public final @Nullable Duration retryAfter() {
        return failure.retryAfter();
    }

    /** When trying again makes sense, by the wall clock; null where no time can be told. */
    public final @Nullable Instant retryAt() {
        return retryAt;
    }

    /** What a person can do about it, or null. */
    public final @Nullable String remedy() {
        return failure.remedy();
    }

    /** The beginning of the body (at most 2 KiB, secrets redacted), or null where there was none. */
    public final @Nullable String bodyExcerpt() {
        return failure.bodyExcerpt();
    }

    /** The phase whose time ran out, or null where no time did. */
    public final @Nullable Phase phase() {
        return failure.phase();
    }

    /** What happened, attempt by attempt. Empty for bad input that never became a call. */
    public final Journey journey() {
        Journey known = journey;
        return known == null ? Journey.none() : known;
    }

    /**
     * What goes on with a list where this broke it off, for {@link io.penstock.paging.Pages#resumeFrom}; null where no list was
     * read. It may be stored: it holds no credential.
     */
    public final @Nullable String resumeToken() {
        return resumeToken;
    }

    /** Ends the call that failed: called once, by the client, before the error reaches the caller. */
    @Internal
    public final ApiException conclude(Journey concluded, @Nullable Instant again, boolean requestActsOnce) {
        this.journey = Objects.requireNonNull(concluded, "concluded");
        this.retryAt = again;
        this.actsOnce = requestActsOnce;
        return this;
    }

    /** Ends the list that failed with one of its pages: called once, by the client. */
    @Internal
    public final ApiException resumableWith(@Nullable String token) {
        this.resumeToken = token;
        return this;
    }
}
