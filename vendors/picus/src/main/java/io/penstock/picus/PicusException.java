package io.penstock.picus;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;

/**
 * A failure reported by Picus. Its {@code error_code}s are not published, so switch on {@link #kind()} and
 * {@link #status()}. {@link #fieldErrors()} has the entries of {@code errors}. Failures without a response are plain
 * {@link ApiException}s.
 */
public class PicusException extends ApiException {

    private static final long serialVersionUID = 1L;

    PicusException(Failure failure) {
        super(failure);
    }

    static PicusException of(Failure failure) {
        if (failure.status() == 402) {
            return new LimitReached(failure);
        }
        if (failure.status() / 100 == 2 && failure.kind() == ErrorKind.VALIDATION) {
            return new OperationFailed(failure);
        }
        return failure.status() >= 500 ? new Server(failure) : new PicusException(failure);
    }

    /**
     * 402: a licence or quantity limit of the tenant is reached. Never retried automatically: the request may succeed
     * later, or after something was deleted.
     */
    public static final class LimitReached extends PicusException {
        private static final long serialVersionUID = 1L;

        private LimitReached(Failure failure) {
            super(failure);
        }
    }

    /**
     * 5xx. After a 500, 503 or 504 the vendor asks for a report (page "response-codes-errors"): {@link #journey()} has
     * the method, path and time, {@link #bodyExcerpt()} the response.
     */
    public static final class Server extends PicusException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /** A 2xx with {@code "success": false} in its body (contract: deletion and cancellation). */
    public static final class OperationFailed extends PicusException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
