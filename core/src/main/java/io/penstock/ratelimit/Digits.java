package io.penstock.ratelimit;

/** Whole numbers in ASCII digits, read without an allocation. */
final class Digits {

    /** 18 nines fit into a long. */
    private static final int MOST = 18;

    private Digits() {}

    /** The number between two positions, spaces around it aside; -1 where there is anything else, or more than 18 digits. */
    static long whole(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (start == end || end - start > MOST) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** The first number of a comma-separated list, the parameters of its members aside; -1 if there is none. */
    static long firstOf(String list) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            int semicolon = list.indexOf(';', from);
            long value = whole(list, from, semicolon >= 0 && semicolon < end ? semicolon : end);
            if (value >= 0) {
                return value;
            }
            from = end + 1;
        }
        return -1;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
