package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What a transport hands a response to: first its head, then its whole body, once each and on one thread. A body that it
 * wants to read while it arrives goes to a {@link BodyReader} instead, by way of a {@link StreamedBody}.
 */
public interface Receiver {

    /**
     * Returns why an attempt must not be sent now, or null. A transport that has waited for a connection asks just before
     * {@link Attempt#dispatched}, and fails with what it gets.
     */
    default @Nullable ApiException refusal(Attempt attempt) {
        return null;
    }

    /** The head, before the first byte of the body. */
    void onHead(Attempt attempt, ResponseHead head);

    /**
     * How to read the body while it arrives, or null if it is to be collected and handed to {@link #onBody}. Asked once,
     * after the head.
     */
    default @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
        return null;
    }

    /** What a receiver throws is typed, or a mistake of whoever wrote it: nothing of the wire, and not sent again. */
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

    /** How many decoded bytes of the body to collect; what lies beyond is not read. */
    int limit(ResponseHead head);

    /**
     * Makes the reply, or throws the failure. The buffer is lent for the time of this call: its owner is the transport.
     *
     * @param complete false if the body was cut, at the limit or because the connection was lost
     */
    Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete);
}
