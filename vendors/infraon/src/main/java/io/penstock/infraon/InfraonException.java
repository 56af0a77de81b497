package io.penstock.infraon;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure reported by Infraon. It has no machine codes, and its texts are meant for people: switch on {@link #kind()}
 * and {@link #status()}. {@link #serverMessage()} is the first of {@code error}, {@code msg}, {@code message} and
 * {@code detail} that has a text (for a list of texts, all of them). If there is none, {@link #fieldErrors()} has the
 * body's members as field errors. Failures without a response (no connection, timeout, an invalid request, a login
 * without a token) are plain {@link ApiException}s.
 */
public class InfraonException extends ApiException {

    private static final long serialVersionUID = 1L;

    InfraonException(Failure failure) {
        super(failure);
    }

    static InfraonException of(Failure failure) {
        boolean insideASuccess = failure.status() / 100 == 2 && failure.kind() == ErrorKind.VALIDATION;
        // A body with a text is not a map of fields, although its members look like one. A body with a list of texts is
        // both.
        String text = failure.serverMessage();
        Failure clean = insideASuccess || failure.fieldErrors().stream().anyMatch(e -> isText(e, text))
                ? withoutFields(failure)
                : failure;
        if (insideASuccess) {
            return new OperationFailed(clean);
        }
        if (failure.kind() == ErrorKind.AUTHENTICATION) {
            return new Authentication(clean);
        }
        return failure.status() >= 500 ? new Server(clean) : new InfraonException(clean);
    }

    private static boolean isText(FieldError error, @Nullable String text) {
        return text != null && text.equals(error.message());
    }

    private static Failure withoutFields(Failure f) {
        return f.withFieldErrors(List.of());
    }

    /** 401, or the 403 for a missing key. The key, the token or the login was refused; see {@link #remedy()}. */
    public static final class Authentication extends InfraonException {
        private static final long serialVersionUID = 1L;

        private Authentication(Failure failure) {
            super(failure);
        }
    }

    /** 5xx. Only the 500 is documented; it asks the client to try again later. */
    public static final class Server extends InfraonException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /**
     * A 2xx whose body has the {@code status} "error", "failed" or "failure", as failed updates have (public clients),
     * or an {@code error}. Whether the server did part of the work is not documented.
     */
    public static final class OperationFailed extends InfraonException {
        private static final long serialVersionUID = 1L;

        private OperationFailed(Failure failure) {
            super(failure);
        }
    }
}
