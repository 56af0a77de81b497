package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A decoded response on its way back through the operators. It owns no buffer, so dropping one leaks nothing. Only a
 * reply whose body is {@linkplain #streamed() still arriving} holds its connection; {@link #discard} releases it.
 *
 * @param head the status and headers
 * @param value the decoded payload, a {@link StreamedBody}, or null if the response has none
 * @param bodyBytes the size of the decoded body
 */
public record Reply(ResponseHead head, @Nullable Object value, long bodyBytes) {

    /**
     * Returns the body that is still arriving, or null if it has been decoded.
     *
     * @hidden
     */
    @Internal
    public @Nullable StreamedBody streamed() {
        return value instanceof StreamedBody body ? body : null;
    }

    /** Drops the reply. A body that is still arriving is cancelled. */
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
