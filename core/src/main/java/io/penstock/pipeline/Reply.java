package io.penstock.pipeline;

import io.penstock.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A decoded answer on its way back through the operators. It owns no buffer: dropping one leaks nothing. Only a reply
 * whose body is {@linkplain #streamed() still arriving} holds its connection: who drops one says so to its body.
 *
 * @param head status and headers
 * @param value the decoded payload, a {@link StreamedBody}, or null where the answer has none
 * @param bodyBytes the size of the decoded body
 */
public record Reply(ResponseHead head, @Nullable Object value, long bodyBytes) {

    /** The body that is still arriving, or null where it has been decoded. */
    public @Nullable StreamedBody streamed() {
        return value instanceof StreamedBody body ? body : null;
    }

    /** Says that nobody wants it: a body that is still arriving is given up. */
    public void discard() {
        StreamedBody body = streamed();
        if (body != null) {
            body.discard();
        }
    }

    @Override
    public String toString() {
        return "Reply[" + head.status() + ", " + bodyBytes + " B]";
    }
}
