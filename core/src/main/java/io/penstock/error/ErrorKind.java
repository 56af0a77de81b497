package io.penstock.error;

import io.penstock.polling.Poll;
import java.util.function.Predicate;

/**
 * What went wrong, as a closed set to switch on; also a predicate, so that it fits Reactor's error operators:
 *
 * <pre>{@code
 * client.value(request).onErrorResume(ErrorKind.RATE_LIMITED, e -> Mono.empty())
 * }</pre>
 */
public enum ErrorKind implements Predicate<Throwable> {
    /** The request cannot be sent as it stands: bad path value, header, query, body or key. Nothing was sent. */
    INVALID_REQUEST,
    /** The client cannot be built as configured: blank secret, malformed base URI, a limit out of range. */
    INVALID_CONFIGURATION,
    /**
     * The body of the request could not be read to its end, or is not what it was: a file that is missing or has changed, a
     * publisher that failed or was read before. The server got no complete request.
     */
    BODY_UNREADABLE,
    /** The client was closed before the request was sent. */
    CLIENT_CLOSED,
    /** The circuit of the origin or operation is open: too many calls failed lately. Nothing was sent. */
    CIRCUIT_OPEN,
    /** No connection: name not resolved, refused, unreachable, connect time-out. */
    CONNECT,
    /** The TLS handshake failed: untrusted, mismatched, not TLS at all. */
    TLS,
    /** No connection of the pool became free in time, or too many calls wait for one. */
    POOL_EXHAUSTED,
    /** The connection was lost after the request was handed to it. */
    CONNECTION_LOST,
    /** An attempt, its first byte or a pause in it took too long, as the {@link Phase} tells (or the server said so: 408). */
    TIMEOUT,
    /** The call's total deadline was reached. */
    DEADLINE_EXCEEDED,
    /** The peer sent something that is not HTTP, or headers over the limit. */
    PROTOCOL_VIOLATION,
    /** The decoded body is larger than the client accepts. */
    RESPONSE_TOO_LARGE,
    /** A success whose body is not what the operation promises: HTML, malformed or cut JSON, other types. */
    UNDECODABLE,
    /**
     * A status that no rule covers, such as a redirect that the operation does not allow; and a 304 where a response without a
     * value would be taken for an empty one: in streams, downloads and lists.
     */
    UNEXPECTED_STATUS,
    /** The server refuses the request's form or values: 400, 405, 413, 415, 422 and other 4xx. */
    VALIDATION,
    /** The credential is missing, wrong, expired or revoked: 401. */
    AUTHENTICATION,
    /** Something has to be paid or topped up first: 402. */
    PAYMENT_REQUIRED,
    /** The credential is known and does not suffice: 403. */
    PERMISSION,
    /** There is no such thing, or this credential cannot see it: 404. */
    NOT_FOUND,
    /** The request contradicts the server's state: 409, 412. */
    CONFLICT,
    /** Another request with the same idempotency key is still being worked on, as its API says: often 409. */
    KEY_IN_PROGRESS,
    /** The idempotency key was used for a different request, as its API says: often 422. Nothing was done for this one. */
    KEY_REUSED,
    /** It is gone for good: 410. */
    GONE,
    /** Too many requests: 429. */
    RATE_LIMITED,
    /** The server failed: 5xx other than 503. */
    SERVER_ERROR,
    /** The server cannot serve now: 503. */
    UNAVAILABLE,
    /** A long operation that the server took on has ended without a result, as its API says: see {@link Poll}. */
    JOB_FAILED,
    /** A long operation that the server took on was cancelled there. */
    JOB_CANCELLED,
    /** A local file could not be read or written; the exception of the file system is the cause. */
    LOCAL_IO,
    /** An operator that the user added failed with an exception of its own, which is the cause. */
    OPERATOR_FAILED;

    /** Whether the throwable is an {@link ApiException} of this kind. */
    @Override
    public boolean test(Throwable throwable) {
        return throwable instanceof ApiException e && e.kind() == this;
    }
}
