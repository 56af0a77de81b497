package io.penstock.body;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as WHATWG HTML §9.2 describes them.
 *
 * @param id the last id that the server gave, with this event or an earlier one: from there a stream can be resumed; null
 *     where it has given none
 * @param event its type, {@code message} unless the server said otherwise
 * @param data its data; lines are parted by a line feed
 * @param retry how long the server wants to be left alone when the stream breaks, or null where it has not said
 */
public record ServerSentEvent(
        @Nullable String id,
        String event,
        String data,
        @Nullable Duration retry) {

    /** Type, id and size: the data may be what nobody should log. */
    @Override
    public String toString() {
        return "ServerSentEvent[" + event + ", id=" + id + ", " + data.length() + " characters]";
    }
}
