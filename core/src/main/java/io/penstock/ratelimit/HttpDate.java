package io.penstock.ratelimit;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** A parser of HTTP-dates in any of their three formats (RFC 9110 §5.6.7). */
final class HttpDate {

    /** The longest text to parse. Netty's parser throws on longer ones, and no format needs half of this. */
    private static final int LONGEST = 64;

    private HttpDate() {}

    /**
     * Returns the instant, or null if the text is missing or no date.
     *
     * <p>A year of two digits is taken to be within 50 years of now. A time that names another zone than GMT is no
     * HTTP-date; Netty's parser would take it for GMT.
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

    /** Returns whether the year has two digits, as in the format of RFC 850, the only one with hyphens. */
    private static boolean hasShortYear(String text) {
        int year = text.lastIndexOf('-') + 1;
        return year > 0 && text.length() > year + 2 && text.charAt(year + 2) == ' ';
    }

    /**
     * Returns whether the time is in GMT. The asctime format ends with its year. A zero offset is what mail uses in
     * place of GMT (RFC 5322 §3.3).
     */
    private static boolean inGmt(String text) {
        String value = text.stripTrailing();
        return value.endsWith("GMT")
                || value.endsWith("UTC")
                || value.endsWith("+0000")
                || value.endsWith("-0000")
                || (value.indexOf(',') < 0 && value.matches(".* [0-9]{4}"));
    }

    /** Returns the date in the century that fits. Netty's parser reads two digits as 1970 to 2069. */
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
