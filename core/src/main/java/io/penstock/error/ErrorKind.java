package io.penstock.error;

/**
 * The kind of a failure, as a closed set to switch on. Reactor's error operators select one with {@link #matches}:
 *
 * <pre>{@code
 * client.value(request).onErrorResume(ErrorKind.RATE_LIMITED::matches, e -> Mono.empty())
 * }</pre>
 */
public enum ErrorKind {
    /** The request cannot be sent as it is: bad path value, header, query, body or key. Nothing was sent. */
    INVALID_REQUEST,
    /** The client cannot be built as configured: blank secret, malformed base URI, a limit out of range. */
    INVALID_CONFIGURATION,
    /**
     * The request body could not be read to its end, or has changed: a file that is missing or was modified, a
     * publisher that failed or was read before. The server did not receive a complete request.
     */
    BODY_UNREADABLE,
    /** The client was closed before the call had ended; the certainty says how far it got. */
    CLIENT_CLOSED,
    /** The circuit of the origin or operation is open because too many recent calls failed. Nothing was sent. */
    CIRCUIT_OPEN,
    /** No connection: name not resolved, refused, unreachable, connect timeout. */
    CONNECT,
    /** The TLS handshake failed: untrusted, mismatched, or not TLS at all. */
    TLS,
    /** No pooled connection became free in time, or too many calls are waiting for one. */
    POOL_EXHAUSTED,
    /** The connection was lost after the request was handed to it. */
    CONNECTION_LOST,
    /** An attempt, its first byte or a pause in it took too long (see {@link Phase}), or the server answered 408. */
    TIMEOUT,
    /** The call's deadline was reached. */
    DEADLINE_EXCEEDED,
    /** The peer sent something that is not HTTP, or headers over the limit. */
    PROTOCOL_VIOLATION,
    /** The decoded body is larger than the client accepts. */
    RESPONSE_TOO_LARGE,
    /** A success whose body is not what the operation expects: HTML, malformed or truncated JSON, other types. */
    UNDECODABLE,
    /**
     * A status that no rule covers, such as a redirect that the operation does not allow. Also a 304 in streams,
     * downloads and lists, where a response without a value would be taken for an empty one.
     */
    UNEXPECTED_STATUS,
    /** The server rejects the request's form or values: 400, 405, 413, 415, 422 and other 4xx. */
    VALIDATION,
    /** The credential is missing, wrong, expired or revoked: 401. */
    AUTHENTICATION,
    /** A payment or top-up is required first: 402. */
    PAYMENT_REQUIRED,
    /** The credential is valid but not sufficient: 403. */
    PERMISSION,
    /** The resource does not exist, or this credential cannot see it: 404. */
    NOT_FOUND,
    /** The request conflicts with the server's state: 409, 412. */
    CONFLICT,
    /** Another request with the same idempotency key is still in progress, as the API reports: often 409. */
    KEY_IN_PROGRESS,
    /**
     * The idempotency key was used for a different request, as the API reports: often 422. This request had no effect.
     */
    KEY_REUSED,
    /** The resource is permanently gone: 410. */
    GONE,
    /** Too many requests: 429. */
    RATE_LIMITED,
    /** The server failed: 5xx other than 503. */
    SERVER_ERROR,
    /** The server is temporarily unavailable: 503. */
    UNAVAILABLE,
    /** A long operation that the server accepted ended without a result, as the API reports: see {@code Poll}. */
    JOB_FAILED,
    /** A long operation that the server accepted was cancelled on the server. */
    JOB_CANCELLED,
    /** A local file could not be read or written; the exception of the file system is the cause. */
    LOCAL_IO,
    /** A user's operator failed with an exception of its own, which is the cause. */
    OPERATOR_FAILED;

    /** Returns whether the throwable is an {@link ApiException} of this kind. */
    public boolean matches(Throwable throwable) {
        return throwable instanceof ApiException e && e.kind() == this;
    }
}
