package io.penstock.ratelimit;

import java.util.Locale;

/**
 * A parser of durations: numbers with units, as in {@code 6m0s}, {@code 1h 2m 3.5s}, {@code 120ms} and
 * {@code 30 seconds}, and those of ISO 8601, as in {@code PT1M30.5S} and {@code P1DT2H}.
 */
final class DurationNotation {

    private static final long DAY = 86_400_000_000_000L;
    private static final long MOST_NANOS = TimeNotation.LONGEST.toNanos();

    private DurationNotation() {}

    /** Returns the nanoseconds, or {@link TimeNotation#UNREADABLE}, or {@link TimeNotation#TOO_LONG}. */
    static long nanos(String text) {
        boolean plus = text.startsWith("+");
        boolean iso = text.startsWith("P", plus ? 1 : 0) || text.startsWith("p", plus ? 1 : 0);
        int at = (plus ? 1 : 0) + (iso ? 1 : 0);
        boolean timeOfDay = !iso;
        long total = 0;
        int parts = 0;
        while (at < text.length()) {
            if (iso && !timeOfDay && (text.charAt(at) == 'T' || text.charAt(at) == 't')) {
                timeOfDay = true;
                at++;
            }
            int numberEnd = endOfNumber(text, at);
            int unitStart = skipSpaces(text, numberEnd);
            int unitEnd = iso ? Math.min(unitStart + 1, text.length()) : endOfUnit(text, unitStart);
            Decimal number = Decimal.of(text, at, numberEnd);
            String unit = text.substring(unitStart, unitEnd).toLowerCase(Locale.ROOT);
            long unitNanos = iso ? isoUnitNanos(unit, timeOfDay) : unitNanos(unit);
            if (number == null || number.negative() || unitNanos == 0) {
                return TimeNotation.UNREADABLE;
            }
            // Each part adds at most the limit and a unit, and the sum is checked before it can overflow.
            total = total > MOST_NANOS || number.whole() > MOST_NANOS / unitNanos
                    ? Long.MAX_VALUE
                    : total + number.times(unitNanos);
            parts++;
            at = skipSpaces(text, unitEnd);
        }
        return parts == 0 ? TimeNotation.UNREADABLE : total > MOST_NANOS ? TimeNotation.TOO_LONG : total;
    }

    private static int endOfNumber(String text, int from) {
        int point = Decimal.endOfDigits(text, from, text.length());
        return point < text.length() && text.charAt(point) == '.'
                ? Decimal.endOfDigits(text, point + 1, text.length())
                : point;
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static int endOfUnit(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Returns the nanoseconds of a unit, or 0 if the text is no unit. */
    private static long unitNanos(String unit) {
        return switch (unit) {
            case "d", "day", "days" -> DAY;
            case "h", "hr", "hrs", "hour", "hours" -> DAY / 24;
            case "m", "min", "mins", "minute", "minutes" -> 60_000_000_000L;
            case "s", "sec", "secs", "second", "seconds" -> 1_000_000_000L;
            case "ms", "msec", "millis", "millisecond", "milliseconds" -> 1_000_000L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ns" -> 1L;
            default -> 0;
        };
    }

    /**
     * Returns the nanoseconds of an ISO unit, or 0 if the text is no unit. Years and months have their greatest length.
     */
    private static long isoUnitNanos(String unit, boolean timeOfDay) {
        return switch (unit) {
            case "y" -> timeOfDay ? 0 : 366 * DAY;
            case "w" -> timeOfDay ? 0 : 7 * DAY;
            case "d" -> timeOfDay ? 0 : DAY;
            case "h" -> timeOfDay ? DAY / 24 : 0;
            case "m" -> timeOfDay ? 60_000_000_000L : 31 * DAY;
            case "s" -> timeOfDay ? 1_000_000_000L : 0;
            default -> 0;
        };
    }
}
