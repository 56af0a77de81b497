package io.penstock.ratelimit;

import java.util.Set;

/** Functions for members of comma-separated lists. The comma after the day name of an HTTP-date is not a separator. */
final class Members {

    private static final Set<String> DAYS = Set.of(
            "Sun",
            "Mon",
            "Tue",
            "Wed",
            "Thu",
            "Fri",
            "Sat",
            "Sunday",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday");

    private Members() {}

    /** Returns the end of the member that begins at {@code from}. */
    static int end(String list, int from) {
        int comma = list.indexOf(',', from);
        int end =
                comma >= 0 && DAYS.contains(list.substring(from, comma).strip()) ? list.indexOf(',', comma + 1) : comma;
        return end < 0 ? list.length() : end;
    }

    /** Returns the part before the first semicolon. */
    static String withoutParameters(String member) {
        int semicolon = member.indexOf(';');
        return semicolon < 0 ? member : member.substring(0, semicolon);
    }

    /** Returns the text without surrounding whitespace and quotes. */
    static String unquoted(String member) {
        String text = member.strip();
        int last = text.length() - 1;
        char first = last > 0 ? text.charAt(0) : 'x';
        boolean quoted = (first == '"' || first == '\'') && text.charAt(last) == first;
        return quoted ? text.substring(1, last).strip() : text;
    }
}
