package io.penstock.ratelimit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A parser of ISO 8601 instants: {@code 2026-11-20T12:01:00.5Z} and {@code 20261120T120100Z}. An offset may replace the
 * {@code Z}, a space may replace the {@code T}, and seconds or minutes may be missing. A date alone means its
 * beginning. Without an offset the time is in UTC.
 */
final class IsoInstant {

    private static final DateTimeFormatter EXTENDED = formatter(
            new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd").optionalStart(),
            "['T'][' ']HH",
            ":mm",
            ":ss",
            "[ ][XXX][XX][X]['UTC']['GMT']");
    private static final DateTimeFormatter BASIC = formatter(
            new DateTimeFormatterBuilder()
                    .appendValue(ChronoField.YEAR, 4)
                    .appendPattern("MMdd")
                    .optionalStart(),
            "'T'HH",
            "mm",
            "ss",
            "[XX][X]");

    private IsoInstant() {}

    private static DateTimeFormatter formatter(
            DateTimeFormatterBuilder date, String hour, String minute, String second, String offset) {
        return date.parseCaseInsensitive()
                .appendPattern(hour)
                .optionalStart()
                .appendPattern(minute)
                .optionalStart()
                .appendPattern(second)
                .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                .optionalEnd()
                .optionalEnd()
                .appendPattern(offset)
                .optionalEnd()
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
                .toFormatter(Locale.ROOT);
    }

    /** Returns the instant, or null if the text is none. */
    static @Nullable Instant parse(String text) {
        boolean extended = text.length() > 4 && text.charAt(4) == '-';
        boolean basic = text.length() > 8 && (text.charAt(8) == 'T' || text.charAt(8) == 't');
        if (!extended && !basic) {
            return null;
        }
        try {
            return (extended ? EXTENDED : BASIC).parse(text, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
