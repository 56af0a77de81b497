package io.penstock.invicti;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;

/**
 * A failure that Invicti answered with. Page "s1-handle-responses" has the statuses; three groups of them say enough for a
 * class of their own: {@link ValidationError} (400), {@link Server} (5xx) and {@link OperationFailed} (a success that says
 * no). Of all others the kind, the status and the server's words tell more. Failures without an answer (no connection, time-out, a bad request) are
 * plain {@link ApiException}s.
 */
public class InvictiException extends ApiException {

    private static final long serialVersionUID = 1L;

    InvictiException(Failure failure) {
        super(failure);
    }

    static InvictiException of(Failure failure) {
        if (failure.kind() == ErrorKind.VALIDATION) {
            if (failure.status() / 100 == 2) {
                return new OperationFailed(failure);
            }
            if (failure.status() == 400 || InvictiErrorCodes.VALIDATION_ERROR.equals(failure.code())) {
                return new ValidationError(failure);
            }
        }
        return failure.status() >= 500 ? new Server(failure) : new InvictiException(failure);
    }

    /**
     * 400: the request's values are refused. {@link #fieldErrors()} says which; what a complaint tells beside its code,
     * such as {@code maxLength}, is in its {@code more} (page "s1-handle-responses").
     */
    public static final class ValidationError extends InvictiException {
        private static final long serialVersionUID = 1L;

        private ValidationError(Failure failure) {
            super(failure);
        }
    }

    /**
     * 5xx. {@link #requestId()} is what support finds a 500 by; {@link #retryAfter()} is how long a 503 asks to wait (page
     * "s1-handle-responses").
     */
    public static final class Server extends InvictiException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /**
     * A 2xx, and an operation result with {@code "success": false} in it. Never sent again; whether anything was done is not
     * documented, and so its certainty is {@code MAYBE_PROCESSED}.
     */
    public static final class OperationFailed extends InvictiException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
