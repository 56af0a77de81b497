package io.penstock.body;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as specified by WHATWG HTML §9.2.
 *
 * @param id the last id that the server sent, with this event or an earlier one, from which a stream can be resumed;
 *     null if it sent none
 * @param event its type; {@code message} unless the server sent another
 * @param data its data; lines are separated by a line feed
 * @param retry how long the server asks to wait before reconnecting, or null if it did not say
 */
public record ServerSentEvent(
        @Nullable String id,
        String event,
        String data,
        @Nullable Duration retry) {

    /** Returns type, id and size only: the data may be sensitive. */
    @Override
    public String toString() {
        return "ServerSentEvent[" + event + ", id=" + id + ", " + data.length() + " characters]";
    }
}
