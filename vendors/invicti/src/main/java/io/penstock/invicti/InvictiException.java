package io.penstock.invicti;

import io.penstock.ApiException;
import io.penstock.ErrorKind;
import io.penstock.Failure;

/**
 * A failure that Invicti answered with. Two are documented well enough for a class of their own; of all others the kind,
 * the status and the server's words tell more. Failures without an answer (no connection, time-out, a bad request) are
 * plain {@link ApiException}s.
 */
public class InvictiException extends ApiException {

    private static final long serialVersionUID = 1L;

    InvictiException(Failure failure) {
        super(failure);
    }

    static InvictiException of(Failure failure) {
        if (failure.status() == 200 && failure.kind() == ErrorKind.VALIDATION) {
            return new OperationFailed(failure);
        }
        return "ValidationError".equals(failure.code()) ? new ValidationError(failure) : new InvictiException(failure);
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
     * 200, and an operation result with {@code "success": false} in it. Never sent again; whether anything was done is not
     * documented, and so its certainty is {@code MAYBE_PROCESSED}.
     */
    public static final class OperationFailed extends InvictiException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
