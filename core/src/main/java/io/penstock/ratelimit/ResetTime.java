package io.penstock.ratelimit;

import io.penstock.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a window ends, in every notation that servers use, as time from now.
 *
 * <p>Plain numbers are told apart by their magnitude ({@link HeaderFamily.Band}). Deltas are taken as they are; absolute
 * times are compared with the server's own clock, as its {@code Date} shows it.
 */
final class ResetTime {

    /** None of the notations. */
    static final long UNREADABLE = -1;
    /** More than a year away. */
    static final long ABSURD = -2;
    /** Over. */
    static final long PAST = -3;

    private static final long SECOND = 1_000_000_000L;
    private static final long MOST_SECONDS = RetryAfter.ABSURD.toSeconds();
    /** {@code Date} and most resets are whole seconds: together they may be wrong by so much. */
    private static final long ROUNDING_NANOS = 2 * SECOND;
    /** Without a {@code Date} the clocks may differ by so much. */
    private static final long UNKNOWN_SKEW_NANOS = 60 * SECOND;
    /** No notation needs more. */
    private static final int LONGEST = 64;

    private ResetTime() {}

    /** The time that a whole number of seconds stands for, or {@link #ABSURD}. */
    static long ofSeconds(long seconds) {
        return seconds > MOST_SECONDS ? ABSURD : seconds * SECOND;
    }

    /**
     * The nanoseconds until a reset, at least 0; or one of the reasons why there is none, all of them negative. Of a
     * comma-separated list the first member that makes sense counts.
     *
     * @param headers those of the same response, for its {@code Date}
     * @param nowMillis the client's wall clock
     */
    static long nanosUntil(String text, HeaderFamily.Band band, Headers headers, long nowMillis) {
        long plain = Digits.whole(text, 0, text.length());
        if (plain >= 0) {
            return ofNumber(plain, 0, band, headers, nowMillis);
        }
        long reason = one(text.strip(), band, headers, nowMillis);
        int from = 0;
        while (reason < 0 && from < text.length() && (text.indexOf(',') >= 0 || text.indexOf(';') >= 0)) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            int semicolon = text.indexOf(';', from);
            String member = text.substring(from, semicolon >= 0 && semicolon < end ? semicolon : end);
            long nanos = one(member.strip(), band, headers, nowMillis);
            reason = nanos >= 0 || reason == UNREADABLE ? nanos : reason;
            from = end + 1;
        }
        return reason;
    }

    private static long one(String value, HeaderFamily.Band band, Headers headers, long nowMillis) {
        if (value.isEmpty() || value.length() > LONGEST) {
            return UNREADABLE;
        }
        if (!Digits.isDigit(value.charAt(0))) {
            return until(HttpDate.parse(value, nowMillis), headers, nowMillis);
        }
        if (value.length() > 4 && value.charAt(4) == '-') {
            return until(isoInstant(value), headers, nowMillis);
        }
        int point = value.indexOf('.');
        long whole = Digits.whole(value, 0, point < 0 ? value.length() : point);
        long fraction = point < 0 ? 0 : AmountOfTime.fractionNanos(value, point + 1, value.length());
        return whole >= 0 && fraction >= 0
                ? ofNumber(whole, fraction, band, headers, nowMillis)
                : AmountOfTime.nanos(value);
    }

    private static long ofNumber(
            long whole, long fractionNanos, HeaderFamily.Band band, Headers headers, long nowMillis) {
        if (whole >= band.epochMillisFrom()) {
            return until(whole / 1_000, whole % 1_000 * 1_000_000 + fractionNanos / 1_000, headers, nowMillis);
        }
        if (whole >= band.epochSecondsFrom()) {
            return until(whole, fractionNanos, headers, nowMillis);
        }
        return whole > MOST_SECONDS ? ABSURD : atMostAYear(whole * SECOND + fractionNanos);
    }

    private static @Nullable Instant isoInstant(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static long until(@Nullable Instant time, Headers headers, long nowMillis) {
        return time == null ? UNREADABLE : until(time.getEpochSecond(), time.getNano(), headers, nowMillis);
    }

    private static long until(long epochSecond, long nanoOfSecond, Headers headers, long nowMillis) {
        Instant date = HttpDate.parse(headers.first("date"), nowMillis);
        long serverMillis = date == null ? nowMillis : serverClock(date.toEpochMilli(), nowMillis);
        long seconds = epochSecond - Math.floorDiv(serverMillis, 1_000L);
        if (seconds > MOST_SECONDS) {
            return ABSURD;
        }
        if (seconds < -MOST_SECONDS) {
            return PAST;
        }
        long nanos = seconds * SECOND + nanoOfSecond - Math.floorMod(serverMillis, 1_000L) * 1_000_000;
        if (nanos < (date == null ? -UNKNOWN_SKEW_NANOS : -ROUNDING_NANOS)) {
            return PAST;
        }
        return atMostAYear(Math.max(0, nanos));
    }

    private static long atMostAYear(long nanos) {
        return nanos > MOST_SECONDS * SECOND ? ABSURD : nanos;
    }

    /**
     * The server's clock when it answered. Its {@code Date} tells no more than the second: while ours stands within that
     * second nothing shows a difference, and ours is the more exact. Otherwise the beginning of the second, so that a wait
     * is rather a second too long than too short.
     */
    private static long serverClock(long dateMillis, long nowMillis) {
        long difference = nowMillis - dateMillis;
        return difference >= 0 && difference < 1_000 ? nowMillis : dateMillis;
    }
}
