package io.penstock.ratelimit;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An HTTP-date in any of its three formats (RFC 9110 §5.6.7). */
final class HttpDate {

    /** Netty's parser throws on more, and no format needs half of it. */
    private static final int LONGEST = 64;

    private HttpDate() {}

    /**
     * The instant, or null where the text is missing or no date.
     *
     * <p>Years of two digits are those within 50 years of now. A time that names another zone than GMT is no HTTP-date;
     * Netty's parser would take it for GMT.
     */
    static @Nullable Instant parse(@Nullable String text, long nowMillis) {
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            return null;
        }
        Date date = DateFormatter.parseHttpDate(text);
        if (date == null || !inGmt(text)) {
            return null;
        }
        return hasShortYear(text) ? withCentury(date.toInstant(), nowMillis) : date.toInstant();
    }

    /** As in the format of RFC 850, the only one with hyphens. */
    private static boolean hasShortYear(String text) {
        int year = text.lastIndexOf('-') + 1;
        return year > 0 && text.length() > year + 2 && text.charAt(year + 2) == ' ';
    }

    /** The format of asctime ends with its year. An offset of nothing is what mail has in place of GMT (RFC 5322 §3.3). */
    private static boolean inGmt(String text) {
        String value = text.stripTrailing();
        return value.endsWith("GMT")
                || value.endsWith("UTC")
                || value.endsWith("+0000")
                || value.endsWith("-0000")
                || (value.indexOf(',') < 0 && value.matches(".* [0-9]{4}"));
    }

    /** Netty's parser knows 1970 to 2069. */
    private static Instant withCentury(Instant date, long nowMillis) {
        int now = Instant.ofEpochMilli(nowMillis).atZone(ZoneOffset.UTC).getYear();
        ZonedDateTime read = date.atZone(ZoneOffset.UTC);
        int year = now - Math.floorMod(now, 100) + Math.floorMod(read.getYear(), 100);
        if (year > now + 50) {
            year -= 100;
        } else if (year <= now - 50) {
            year += 100;
        }
        return read.withYear(year).toInstant();
    }
}
