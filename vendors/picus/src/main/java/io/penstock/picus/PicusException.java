package io.penstock.picus;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;

/**
 * A failure that Picus answered with. Its {@code error_code}s are not published, so that {@link #kind()} and
 * {@link #status()} are what to switch on; {@link #fieldErrors()} are the entries of {@code errors}. Failures without an answer are plain {@link ApiException}s.
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
     * 402: a licence or quantity limit of the tenant is reached. Never sent again by itself: it can work later, or once
     * something was deleted.
     */
    public static final class LimitReached extends PicusException {
        private static final long serialVersionUID = 1L;

        private LimitReached(Failure failure) {
            super(failure);
        }
    }

    /**
     * 5xx. For 500, 503 and 504 the vendor asks to be told (page "response-codes-errors"): {@link #journey()} has method, path
     * and time, {@link #bodyExcerpt()} the answer.
     */
    public static final class Server extends PicusException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /** A 2xx, and {@code "success": false} in its body (contract: deleting and cancelling). */
    public static final class OperationFailed extends PicusException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
