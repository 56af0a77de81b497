package io.penstock.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A decoded answer on its way back through the operators. It owns no buffer: dropping one leaks nothing.
 *
 * @param head status and headers
 * @param value the decoded payload, or null where the answer has none
 * @param bodyBytes the size of the decoded body
 */
public record Reply(ResponseHead head, @Nullable Object value, long bodyBytes) {

    @Override
    public String toString() {
        return "Reply[" + head.status() + ", " + bodyBytes + " B]";
    }
}
