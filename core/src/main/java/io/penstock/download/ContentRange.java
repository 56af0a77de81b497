package io.penstock.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The range that a 206 carries (RFC 9110 §14.4).
 *
 * @param first the offset of its first byte
 * @param last the offset of its last byte
 * @param total the size of the whole, or -1 where the server does not say
 */
record ContentRange(long first, long last, long total) {

    private static final Pattern FORM =
            Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

    /** The range, or null where there is none that makes sense. */
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

    /** How many bytes it carries. */
    long length() {
        return last - first + 1;
    }
}
