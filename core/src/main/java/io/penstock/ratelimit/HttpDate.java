package io.penstock.ratelimit;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An HTTP-date in any of its three formats (RFC 9110 §5.6.7). */
final class HttpDate {

    /** Netty's parser throws on more, and no format needs half of it. */
    private static final int LONGEST = 64;

    private HttpDate() {}

    /** The instant, or null where the text is missing or no date. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            return null;
        }
        Date date = DateFormatter.parseHttpDate(text);
        return date == null ? null : date.toInstant();
    }
}
