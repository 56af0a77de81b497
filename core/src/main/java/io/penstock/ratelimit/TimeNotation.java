package io.penstock.ratelimit;

import io.penstock.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A parser of times as servers write them in a header, a body or the response of a token server: numbers, durations,
 * ISO 8601 instants and HTTP-dates. Every value that states how long something lasts, or when it is, is parsed here.
 *
 * <p>Durations are taken as they are. Points in time are compared with the server's own clock, as the {@code Date} of
 * the same response shows it. Of a comma-separated list the latest value that makes sense counts.
 */
public final class TimeNotation {

    /** The longest time that a server can mean: 366 days. */
    public static final Duration LONGEST = Duration.ofDays(366);

    /** The result for a text in no known notation, or for a negative number. */
    static final long UNREADABLE = -1;
    /** The result for a time that is more than {@link #LONGEST} away. */
    static final long TOO_LONG = -2;
    /** The result for a time in the past. */
    static final long PAST = -3;

    private static final long SECOND = 1_000_000_000L;
    private static final long MOST_SECONDS = LONGEST.toSeconds();
    private static final long MOST_NANOS = LONGEST.toNanos();
    /** The possible error of {@code Date} and most resets together, as both are whole seconds. */
    private static final long ROUNDING_NANOS = 2 * SECOND;
    /** The possible difference between the clocks if there is no {@code Date}. */
    private static final long UNKNOWN_SKEW_NANOS = 60 * SECOND;
    /** The longest text to parse; only plain numbers may be longer. */
    private static final int LONGEST_TEXT = 64;

    private static final HeaderFamily.Band USUAL = HeaderFamily.Band.usual();

    /** The rule for the numbers of a reset; null for a wait, whose numbers are amounts of {@code unit}. */
    private final HeaderFamily.@Nullable Band band;

    private final TimeUnit unit;
    private final Headers headers;
    private final long nowMillis;

    private TimeNotation(HeaderFamily.@Nullable Band band, TimeUnit unit, Headers headers, long nowMillis) {
        this.band = band;
        this.unit = unit;
        this.headers = headers;
        this.nowMillis = nowMillis;
    }

    /**
     * Returns the nanoseconds until a reset, at least 0, or a negative constant for the reason why there is none.
     *
     * @param band the rule that tells plain numbers apart
     * @param headers the headers of the same response, for its {@code Date}
     * @param nowMillis the client's wall clock
     */
    static long untilReset(String text, HeaderFamily.Band band, Headers headers, long nowMillis) {
        long plain = AmountNotation.plain(text);
        if (plain >= 0 && plain < band.epochSecondsFrom()) {
            return plain > MOST_SECONDS ? TOO_LONG : plain * SECOND;
        }
        return new TimeNotation(band, TimeUnit.SECONDS, headers, nowMillis).latestOf(text);
    }

    /**
     * Returns the nanoseconds that a server asks to wait, at least 0, or a negative constant for the reason why there
     * is none. A number is a duration. It is read as a point in time only if it is too long for a duration and lies in
     * the future.
     *
     * @param unit the unit of plain numbers
     * @param headers the headers of the same response, for its {@code Date}
     * @param nowMillis the client's wall clock
     */
    static long untilRetry(String text, TimeUnit unit, Headers headers, long nowMillis) {
        return new TimeNotation(null, unit, headers, nowMillis).latestOf(text);
    }

    /**
     * Returns the end of a time that is given as a duration or as a point in time: {@code 3600} and {@code 1h} as well
     * as {@code 1795176060} and {@code 2026-11-20T12:01:00Z}. The end is at most {@link #LONGEST} ahead. A point in the
     * past ends at {@code now}. Returns null if the text is in no known notation.
     */
    public static @Nullable Instant end(String text, Instant now) {
        long nanos = untilRetry(text, TimeUnit.SECONDS, Headers.none(), now.toEpochMilli());
        if (nanos == UNREADABLE) {
            return null;
        }
        return now.plusNanos(nanos == TOO_LONG ? MOST_NANOS : Math.max(0, nanos));
    }

    /**
     * Returns the instant in the text: ISO 8601, an HTTP-date, epoch seconds or epoch milliseconds; null if it is none.
     *
     * @param now the time that determines the century of a two-digit year
     */
    public static @Nullable Instant instant(String text, Instant now) {
        String value = Members.unquoted(text);
        Decimal number = Decimal.of(value);
        if (number == null) {
            return value.length() > LONGEST_TEXT ? null : point(value, now.toEpochMilli());
        }
        if (number.negative() || number.whole() < USUAL.epochSecondsFrom() || number.whole() == Decimal.MOST) {
            return null;
        }
        return number.whole() >= USUAL.epochMillisFrom()
                ? Instant.ofEpochMilli(number.whole())
                : Instant.ofEpochSecond(number.whole(), number.billionths());
    }

    /**
     * Returns the later of two times. A reason why there is no time gives way to a time. Of two reasons,
     * {@link #TOO_LONG} comes first and {@link #UNREADABLE} last.
     */
    static long later(long one, long other) {
        if (one >= 0 || other >= 0) {
            return Math.max(one, other);
        }
        return one == UNREADABLE || other == TOO_LONG ? other : one;
    }

    private long latestOf(String text) {
        long latest = one(Members.unquoted(text));
        if (latest >= 0 || (text.indexOf(',') < 0 && text.indexOf(';') < 0)) {
            return latest;
        }
        for (int from = 0; from < text.length(); from = Members.end(text, from) + 1) {
            String member = Members.withoutParameters(text.substring(from, Members.end(text, from)));
            latest = later(latest, one(Members.unquoted(member)));
        }
        return latest;
    }

    private long one(String value) {
        Decimal number = Decimal.of(value);
        if (number != null) {
            return number.negative() ? UNREADABLE : band == null ? ofWait(number) : ofReset(number, band);
        }
        if (value.isEmpty() || value.length() > LONGEST_TEXT) {
            return UNREADABLE;
        }
        long duration = DurationNotation.nanos(value);
        if (duration != UNREADABLE) {
            return duration;
        }
        Instant point = point(value, nowMillis);
        return point == null ? UNREADABLE : until(point.getEpochSecond(), point.getNano());
    }

    private static @Nullable Instant point(String value, long nowMillis) {
        Instant iso = IsoInstant.parse(value);
        return iso == null ? HttpDate.parse(value, nowMillis) : iso;
    }

    private long ofReset(Decimal number, HeaderFamily.Band numbers) {
        long whole = number.whole();
        if (whole >= numbers.epochMillisFrom()) {
            return untilMillis(number);
        }
        if (whole >= numbers.epochSecondsFrom()) {
            return until(whole, number.billionths());
        }
        return whole > MOST_SECONDS ? TOO_LONG : limited(number.times(SECOND));
    }

    private long ofWait(Decimal number) {
        long unitNanos = unit.toNanos(1);
        long whole = number.whole();
        if (whole <= MOST_NANOS / unitNanos) {
            return limited(number.times(unitNanos));
        }
        long point = whole >= USUAL.epochMillisFrom()
                ? untilMillis(number)
                : whole >= USUAL.epochSecondsFrom() ? until(whole, number.billionths()) : TOO_LONG;
        return point >= 0 ? point : TOO_LONG;
    }

    private long untilMillis(Decimal number) {
        long millis = number.whole();
        return until(millis / 1_000, millis % 1_000 * 1_000_000 + number.billionths() / 1_000);
    }

    private long until(long epochSecond, long nanoOfSecond) {
        Instant date = HttpDate.parse(headers.first("date"), nowMillis);
        long serverMillis = date == null ? nowMillis : serverClock(date.toEpochMilli());
        long seconds = epochSecond - Math.floorDiv(serverMillis, 1_000L);
        if (seconds > MOST_SECONDS) {
            return TOO_LONG;
        }
        if (seconds < -MOST_SECONDS) {
            return PAST;
        }
        long nanos = seconds * SECOND + nanoOfSecond - Math.floorMod(serverMillis, 1_000L) * 1_000_000;
        return nanos < -tolerance(date != null) ? PAST : limited(Math.max(0, nanos));
    }

    /**
     * Returns how far in the past a time may be and still count as now. A reset may have passed; a wait may be over
     * only by the rounding to seconds.
     */
    private long tolerance(boolean dated) {
        return band == null ? SECOND - 1 : dated ? ROUNDING_NANOS : UNKNOWN_SKEW_NANOS;
    }

    private static long limited(long nanos) {
        return nanos > MOST_NANOS ? TOO_LONG : nanos;
    }

    /**
     * Returns the server's clock at the time of its response. Its {@code Date} is exact only to the second. While the
     * client's clock lies within that second, there is no sign of a difference, and the client's clock is more exact.
     * Otherwise, and for a wait, which must not be too short, it is the beginning of the second.
     */
    private long serverClock(long dateMillis) {
        long difference = nowMillis - dateMillis;
        return band != null && difference >= 0 && difference < 1_000 ? nowMillis : dateMillis;
    }
}
