package io.penstock.envelope;

import io.netty.buffer.Unpooled;
import io.penstock.body.OddMembers;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * The failures of a body that is read while it arrives. Messages give offset and path, but nothing of the content
 * there.
 */
final class StreamFailures {

    private final EnvelopeDecoding decoding;
    private final Attempt call;
    private final ResponseHead head;

    StreamFailures(EnvelopeDecoding decoding, Attempt call, ResponseHead head) {
        this.decoding = decoding;
        this.call = call;
        this.head = head;
    }

    /** Returns a collector that notes members that do not fit in the call's journey. */
    OddMembers oddMembers() {
        return new OddMembers(call::note);
    }

    /** Returns whether a document, or the beginning of one, contains a sign of failure. */
    boolean saysFailure(byte[] beginning) {
        return decoding.saysFailure(Unpooled.wrappedBuffer(beginning));
    }

    /** Returns the failure of an error envelope in a success. */
    ApiException envelope(byte[] body, boolean complete) {
        return decoding.exception(decoding.failure(call, head, Unpooled.wrappedBuffer(body), complete));
    }

    /** Returns the failure of a body that does not match its payload, with its beginning as an excerpt. */
    ApiException otherThanPromised(byte[] beginning, String what) {
        return decoding.undecodable(
                call,
                head,
                Unpooled.wrappedBuffer(beginning),
                "body" + (isHtml() ? " of type text/html: " : ": ") + what
                        + (isHtml() ? "; a page of something in between, not the API's answer" : ""),
                isHtml() ? Certainty.MAYBE_PROCESSED : Certainty.PROCESSED);
    }

    private boolean isHtml() {
        String type = head.headers().first("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).contains("html");
    }

    /** Returns the failure of JSON that is malformed or does not match its payload. */
    ApiException unreadable(JacksonException e, String path, long offset, String expected, int limit) {
        if (e instanceof StreamConstraintsException) {
            return tooLarge("value at " + path + " (byte " + offset + ")", limit);
        }
        return undecodable("unreadable at " + path + " (byte " + offset + "), expected: " + expected);
    }

    /** Returns the failure of a body that ends too early. */
    ApiException cut(String where, String expected) {
        Headers headers = head.headers();
        if (!headers.contains("content-length") && !headers.contains("transfer-encoding")) {
            // RFC 9112 §6.3: such a body ends with the connection, so a lost connection looks like its end.
            return decoding.exception(failure(
                    ErrorKind.CONNECTION_LOST,
                    Retryability.TRANSIENT,
                    "connection lost inside a body without length, ends too early at " + where));
        }
        return undecodable("ends too early at " + where + ", expected: " + expected);
    }

    ApiException undecodable(String message) {
        return decoding.exception(
                failure(ErrorKind.UNDECODABLE, Retryability.PERMANENT, head.status() + " with a stream: " + message));
    }

    ApiException tooLarge(String what, int limit) {
        return decoding.exception(failure(
                ErrorKind.RESPONSE_TOO_LARGE,
                Retryability.PERMANENT,
                what + " of more than " + limit
                        + " bytes (expected: at most that; raise the client's maxResponseBytes)"));
    }

    private Failure failure(ErrorKind kind, Retryability retryability, String message) {
        return Failure.of(kind, Certainty.PROCESSED, retryability, message).withStatus(head.status());
    }
}
