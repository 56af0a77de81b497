package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * The recipient of a response: first its head, then its whole body, once each and on one thread. To read a body while
 * it arrives, a receiver provides a {@link BodyReader}, which is fed by a {@link StreamedBody}.
 */
public interface Receiver {

    /**
     * Returns the reason why an attempt must not be sent now, or null. A transport that has waited for a connection
     * asks just before {@link Attempt#dispatched} and fails with this exception.
     */
    default @Nullable ApiException refusal(Attempt attempt) {
        return null;
    }

    /** Handles the head, before the first byte of the body. */
    void onHead(Attempt attempt, ResponseHead head);

    /**
     * Returns a reader for a body that is read while it arrives, or null to have it collected for {@link #onBody}.
     * Called once, after the head.
     */
    default @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
        return null;
    }

    /**
     * Returns the failure for an exception of a receiver: the exception itself if it is typed, otherwise
     * {@code OPERATOR_FAILED}, which is a programming error rather than a failure of the wire and is not retried.
     */
    static ApiException misread(Attempt attempt, Throwable error) {
        return error instanceof ApiException known
                ? known
                : new ApiException(Failure.of(
                                ErrorKind.OPERATOR_FAILED,
                                attempt.certaintyIfInterrupted(),
                                Retryability.PERMANENT,
                                "reading the answer failed with "
                                        + error.getClass().getSimpleName() + " (see the cause)")
                        .withStatus(attempt.status())
                        .withCause(error));
    }

    /** Returns how many decoded bytes of the body to collect. The rest is not read. */
    int limit(Attempt attempt, ResponseHead head);

    /**
     * Returns the reply, or throws the failure. The transport owns the buffer, which is valid only during this call.
     *
     * @param complete false if the body was cut, at the limit or because the connection was lost
     */
    Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete);
}
