package io.penstock.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * A number in decimal notation: a sign, any count of digits, a fraction and an exponent. Only digits are required.
 *
 * @param negative whether it is less than zero
 * @param whole its whole part without the sign, at most {@link #MOST}
 * @param billionths its fraction, truncated to billionths
 */
record Decimal(boolean negative, long whole, int billionths) {

    /** 18 nines: a sum of two still fits into a long. Larger numbers are capped at this. */
    static final long MOST = 999_999_999_999_999_999L;

    private static final int FRACTION_DIGITS = 9;
    private static final int NO_EXPONENT = Integer.MIN_VALUE;
    /** No text is long enough for a larger exponent to make a difference. */
    private static final int MOST_EXPONENT = 1_000_000;

    /** Returns the number in the whole text, or null if it is no number. */
    static @Nullable Decimal of(String text) {
        return of(text, 0, text.length());
    }

    /** Returns the number between two positions, or null if there is anything else between them. */
    static @Nullable Decimal of(String text, int from, int to) {
        boolean signed = from < to && (text.charAt(from) == '-' || text.charAt(from) == '+');
        int start = signed ? from + 1 : from;
        int point = endOfDigits(text, start, to);
        boolean fraction = point < to && text.charAt(point) == '.';
        int end = fraction ? endOfDigits(text, point + 1, to) : point;
        int digits = end - start - (fraction ? 1 : 0);
        int exponent = end == to ? 0 : exponent(text, end, to);
        if (digits == 0 || exponent == NO_EXPONENT) {
            return null;
        }
        int pointAt = point - start + exponent;
        long whole = 0;
        for (int i = 0; i < pointAt && (i < digits || whole > 0); i++) {
            whole = whole * 10 + digit(text, start, point, digits, i);
            if (whole > MOST / 10 && i + 1 < pointAt) {
                return new Decimal(signed && text.charAt(from) == '-', MOST, 0);
            }
        }
        int billionths = 0;
        for (int i = 0; i < FRACTION_DIGITS; i++) {
            billionths = billionths * 10 + digit(text, start, point, digits, pointAt + i);
        }
        boolean negative = signed && text.charAt(from) == '-' && (whole > 0 || billionths > 0);
        return new Decimal(negative, whole, billionths);
    }

    /** Returns the digit at the given place, counted without the point; 0 before the first and after the last digit. */
    private static int digit(String text, int start, int point, int digits, int place) {
        if (place < 0 || place >= digits) {
            return 0;
        }
        int at = start + place;
        return text.charAt(at < point ? at : at + 1) - '0';
    }

    private static int exponent(String text, int from, int to) {
        char e = text.charAt(from);
        boolean signed = from + 1 < to && (text.charAt(from + 1) == '-' || text.charAt(from + 1) == '+');
        int start = signed ? from + 2 : from + 1;
        if ((e != 'e' && e != 'E') || start >= to || endOfDigits(text, start, to) != to) {
            return NO_EXPONENT;
        }
        int value = 0;
        for (int i = start; i < to; i++) {
            value = Math.min(MOST_EXPONENT, value * 10 + (text.charAt(i) - '0'));
        }
        return text.charAt(from + 1) == '-' ? -value : value;
    }

    /** Returns whether it has no fraction. */
    boolean isWhole() {
        return billionths == 0;
    }

    static int endOfDigits(String text, int from, int to) {
        int end = from;
        while (end < to && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Returns the nanoseconds of this number of units. The caller has checked that they fit. */
    long times(long unitNanos) {
        long second = 1_000_000_000L;
        long fraction = unitNanos >= second ? billionths * (unitNanos / second) : billionths * unitNanos / second;
        return whole * unitNanos + fraction;
    }
}
