package io.penstock.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The range that a 206 carries (RFC 9110 §14.4).
 *
 * @param first the offset of its first byte
 * @param last the offset of its last byte
 * @param total the size of the whole file, or -1 if the server does not give it
 */
record ContentRange(long first, long last, long total) {

    private static final Pattern FORM =
            Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

    /** Returns the range, or null if there is no valid one. */
    static @Nullable ContentRange parse(@Nullable String header) {
        Matcher matcher = FORM.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return null;
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        long total = matcher.group(3).equals("*") ? -1 : Long.parseLong(matcher.group(3));
        return last < first || (total >= 0 && last >= total) ? null : new ContentRange(first, last, total);
    }

    /** Returns the number of bytes in the range. */
    long length() {
        return last - first + 1;
    }
}
