package io.penstock.ratelimit;

/** An amount of time as numbers with units: {@code 6m0s}, {@code 1h2m3.5s}, {@code 120ms}. */
final class AmountOfTime {

    private static final long MOST_NANOS = RetryAfter.ABSURD.toNanos();

    private AmountOfTime() {}

    /** The amount, or {@link ResetTime#UNREADABLE}, or {@link ResetTime#ABSURD}. */
    static long nanos(String text) {
        long total = 0;
        int at = 0;
        while (at < text.length()) {
            int wholeEnd = endOfDigits(text, at);
            long whole = Digits.whole(text, at, wholeEnd);
            boolean point = wholeEnd < text.length() && text.charAt(wholeEnd) == '.';
            int end = point ? endOfDigits(text, wholeEnd + 1) : wholeEnd;
            long fraction = point ? fractionNanos(text, wholeEnd + 1, end) : 0;
            int unitEnd = endOfUnit(text, end);
            long unit = unitNanos(text.substring(end, unitEnd));
            if (whole < 0 || fraction < 0 || unit == 0) {
                return ResetTime.UNREADABLE;
            }
            if (whole > MOST_NANOS / unit) {
                return ResetTime.ABSURD;
            }
            // At most a year and a unit each, so that the sum is looked at before it can overflow.
            total += whole * unit + (long) (fraction / 1e9 * unit);
            if (total > MOST_NANOS) {
                return ResetTime.ABSURD;
            }
            at = unitEnd;
        }
        return text.isEmpty() ? ResetTime.UNREADABLE : total;
    }

    /** The digits behind a decimal point as billionths; what is finer is cut off. -1 where they are not all digits, or none. */
    static long fractionNanos(String text, int from, int to) {
        if (from >= to || endOfDigits(text, from) < to) {
            return -1;
        }
        int used = Math.min(9, to - from);
        long value = Digits.whole(text, from, from + used);
        for (int i = used; i < 9; i++) {
            value *= 10;
        }
        return value;
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && Digits.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int endOfUnit(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) > '9') {
            end++;
        }
        return end;
    }

    /** 0 for what is no unit. */
    private static long unitNanos(String unit) {
        return switch (unit) {
            case "d" -> 86_400_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ns" -> 1L;
            default -> 0;
        };
    }
}
