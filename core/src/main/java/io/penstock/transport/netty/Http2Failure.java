package io.penstock.transport.netty;

import io.netty.handler.codec.http2.Http2Error;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The end of a stream by the peer: by RST_STREAM, by GOAWAY, or with a connection that is dead. It says whether the
 * server has certainly not processed the request (RFC 9113 §8.7).
 *
 * <pre>
 *  RST_STREAM REFUSED_STREAM             CONNECTION_LOST     REJECTED
 *  GOAWAY, last stream before this one   CONNECTION_LOST     REJECTED
 *  RST_STREAM HTTP_1_1_REQUIRED          PROTOCOL_VIOLATION  MAYBE_PROCESSED, permanent
 *  RST_STREAM, the client is to blame    PROTOCOL_VIOLATION  MAYBE_PROCESSED
 *  RST_STREAM with any other code        CONNECTION_LOST     MAYBE_PROCESSED
 *  no answer to a PING                   CONNECTION_LOST     MAYBE_PROCESSED
 * </pre>
 *
 * After the status of a response the usual certainty holds: a stream that has been answered was processed.
 */
final class Http2Failure extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String what;
    private final @Nullable Http2Error code;
    private final boolean unprocessed;

    private Http2Failure(String message, @Nullable Http2Error code, boolean unprocessed) {
        super(message);
        this.what = message;
        this.code = code;
        this.unprocessed = unprocessed;
    }

    /** Returns the failure of a stream that the peer has reset. */
    static Http2Failure reset(long code) {
        Http2Error known = Http2Error.valueOf(code);
        return new Http2Failure(
                "stream reset by the server with " + name(code), known, known == Http2Error.REFUSED_STREAM);
    }

    /** Returns the failure of a stream that the peer has not processed before it went away. */
    static Http2Failure goneAway(long code) {
        return new Http2Failure(
                "the server left the connection (GOAWAY with " + name(code) + ") before it processed the request",
                Http2Error.valueOf(code),
                true);
    }

    /** Returns the failure of a request that never became a stream. */
    static Http2Failure notWritten() {
        return new Http2Failure("the connection took no more streams", null, true);
    }

    /** Returns the failure of all streams of a connection whose peer does not answer. */
    static Http2Failure silent(long millis) {
        return new Http2Failure("no answer to a PING within " + millis + " ms", null, false);
    }

    /** Returns the name of an error code. Codes that the standard does not define are numbers of the peer's. */
    static String name(long code) {
        Http2Error known = Http2Error.valueOf(code);
        return known == null ? "code 0x" + Long.toHexString(code & 0xffff_ffffL) : known.name();
    }

    /**
     * Returns the failure of an attempt that has been dispatched.
     *
     * @param answered whether the status of its response had arrived
     * @param interrupted the certainty of an attempt that ends there
     */
    Failure named(boolean answered, Certainty interrupted) {
        String where = answered ? " inside the body" : " before the response";
        if (unprocessed && !answered) {
            return Failure.of(ErrorKind.CONNECTION_LOST, Certainty.REJECTED, Retryability.TRANSIENT, what)
                    .withCause(this);
        }
        if (code == Http2Error.HTTP_1_1_REQUIRED) {
            return Failure.of(ErrorKind.PROTOCOL_VIOLATION, interrupted, Retryability.PERMANENT, what + where)
                    .withRemedy("speak HTTP/1.1 with this server: ConnectionOptions.withHttp(HttpVersion.HTTP_1_1)")
                    .withCause(this);
        }
        Failure failure = Failure.of(
                        isOurFault() ? ErrorKind.PROTOCOL_VIOLATION : ErrorKind.CONNECTION_LOST,
                        interrupted,
                        Retryability.TRANSIENT,
                        what + where)
                .withCause(this);
        return code == Http2Error.ENHANCE_YOUR_CALM
                ? failure.withRemedy("make fewer calls at a time: the server took them for an attack")
                : failure;
    }

    /** Returns whether the peer says that it did not understand this client. */
    private boolean isOurFault() {
        return code != null
                && switch (code) {
                    case PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR, STREAM_CLOSED -> true;
                    default -> false;
                };
    }
}
