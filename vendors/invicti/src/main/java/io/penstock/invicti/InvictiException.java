package io.penstock.invicti;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;

/**
 * A failure reported by Invicti. Page "s1-handle-responses" has the statuses. Three groups of them have their own
 * class: {@link ValidationError} (400), {@link Server} (5xx) and {@link OperationFailed} (a 2xx that reports a
 * failure). For all others, use the kind, the status and the server's message. Failures without a response (no
 * connection, timeout, an invalid request) are plain {@link ApiException}s.
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
     * 400: the request's values were refused. {@link #fieldErrors()} names them; details beside the code, such as
     * {@code maxLength}, are in {@code more} (page "s1-handle-responses").
     */
    public static final class ValidationError extends InvictiException {
        private static final long serialVersionUID = 1L;

        private ValidationError(Failure failure) {
            super(failure);
        }
    }

    /**
     * 5xx. Support uses {@link #requestId()} to find a 500; {@link #retryAfter()} is the wait that a 503 asks for (page
     * "s1-handle-responses").
     */
    public static final class Server extends InvictiException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /**
     * A 2xx that contains an operation result with {@code "success": false}. It is never retried. Whether the server
     * did anything is not documented, so its certainty is {@code MAYBE_PROCESSED}.
     */
    public static final class OperationFailed extends InvictiException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
