package io.penstock.ratelimit;

import java.util.List;

/**
 * A parser of amounts as servers write them: {@code 100}, {@code 99.5} (rounded down), {@code 1e+06}, in quotes, or
 * with parameters after a semicolon. The least of several counts.
 */
final class AmountNotation {

    /** The result for a text that is no amount, or a negative one. */
    static final long UNREADABLE = -1;

    /** 18 nines fit into a long. */
    private static final int MOST_DIGITS = 18;

    private AmountNotation() {}

    /**
     * Returns the value of a text of at most 18 digits, ignoring spaces and tabs around it, or -1 for any other text.
     */
    static long plain(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (start == end || end - start > MOST_DIGITS) {
            return UNREADABLE;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!Decimal.isDigit(c)) {
                return UNREADABLE;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /**
     * Returns the least amount of comma-separated lists, or {@link #UNREADABLE} if there is none. Members with
     * parameters describe policies; they count only if every member has parameters.
     */
    static long leastOf(List<String> lists) {
        long least = UNREADABLE;
        long leastOfPolicies = UNREADABLE;
        for (String list : lists) {
            for (int from = 0; from <= list.length(); from = Members.end(list, from) + 1) {
                String member = list.substring(from, Members.end(list, from));
                if (member.indexOf(';') < 0) {
                    least = lesser(least, one(member));
                } else {
                    leastOfPolicies = lesser(leastOfPolicies, one(Members.withoutParameters(member)));
                }
            }
        }
        return least >= 0 ? least : leastOfPolicies;
    }

    private static long lesser(long one, long other) {
        return one < 0 ? other : other < 0 ? one : Math.min(one, other);
    }

    /** Returns the amount in the text, or {@link #UNREADABLE}. An amount that is too large for a long is capped. */
    static long one(String text) {
        Decimal number = Decimal.of(Members.unquoted(text));
        return number == null || number.negative() ? UNREADABLE : number.whole();
    }

    /** Returns the amount in the text with a part of a unit counted as a whole one, or {@link #UNREADABLE}. */
    static long roundedUp(String text) {
        Decimal number = Decimal.of(Members.unquoted(text));
        return number == null || number.negative() ? UNREADABLE : number.whole() + (number.isWhole() ? 0 : 1);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
