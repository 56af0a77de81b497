package io.penstock.ratelimit;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An HTTP-date in any of its three formats (RFC 9110 §5.6.7). */
final class HttpDate {

    private HttpDate() {}

    /** The instant, or null where the text is missing or no date. */
    static @Nullable Instant parse(@Nullable String text) {
        Date date = text == null || text.isBlank() ? null : DateFormatter.parseHttpDate(text);
        return date == null ? null : date.toInstant();
    }
}
