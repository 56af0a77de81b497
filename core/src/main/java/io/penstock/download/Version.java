package io.penstock.download;

import io.penstock.body.ContentDecoder;
import io.penstock.http.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of a file that its stored bytes belong to.
 *
 * @param validators its validators
 * @param total its stored size, or -1
 * @param coding the content coding it is stored in, or null
 * @param name the sanitized name that the server gave, or null; the response to a range need not repeat it
 */
record Version(
        Validators validators,
        long total,
        @Nullable String coding,
        @Nullable String name) {

    static final Version UNKNOWN = new Version(new Validators(null, null, null), -1, null, null);

    private static final Pattern STRONG_TAG = Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""); // RFC 9110 §8.8.3

    /** The fields in the order of {@link #text}. */
    private static final Pattern TEXT = Pattern.compile("""
            etag (?<tag>.*)
            last-modified (?<modified>.*)
            length (?<length>-1|\\d{1,18})
            name (?<name>.*)
            date (?<date>.*)
            """);

    /**
     * How much older than the response a {@code Last-Modified} must be to be a strong validator (RFC 9110 §8.8.2.2):
     * more than its resolution of one second, and enough for two clocks, for which RFC 7232 §2.2.2 took a minute.
     */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    /**
     * The validators that identify a version.
     *
     * @param entityTag the {@code ETag}, or null
     * @param lastModified the {@code Last-Modified}, or null
     * @param date the {@code Date} of the same response, or null
     */
    record Validators(
            @Nullable String entityTag,
            @Nullable String lastModified,
            @Nullable String date) {

        /**
         * Returns the value for {@code If-Range}: a strong validator (RFC 9110 §13.1.5), which implies that all bytes are
         * equal; null if there is none. A date may be used only if there is no entity tag at all.
         */
        @Nullable
        String strong() {
            if (entityTag != null) {
                return STRONG_TAG.matcher(entityTag).matches() ? entityTag : null;
            }
            Instant modified = instant(lastModified);
            Instant answered = instant(date);
            return modified != null && answered != null && !answered.isBefore(modified.plus(SETTLED))
                    ? lastModified
                    : null;
        }

        private static @Nullable Instant instant(@Nullable String text) {
            if (text == null) {
                return null;
            }
            try {
                return DateTimeFormatter.RFC_1123_DATE_TIME
                        .withLocale(Locale.ROOT)
                        .parse(text, Instant::from);
            } catch (DateTimeParseException e) {
                return null; // no validator then
            }
        }
    }

    static Version of(Headers headers, long total) {
        List<String> codings = ContentDecoder.codings(headers);
        return new Version(
                new Validators(headers.first("etag"), headers.first("last-modified"), headers.first("date")),
                total,
                codings.isEmpty() ? null : String.join(", ", codings),
                FileName.of(headers));
    }

    /** Returns a copy with the size from the response to a range, unless the size is already known. */
    Version withTotal(long told) {
        return total >= 0 || told < 0 ? this : new Version(validators, told, coding, name);
    }

    /** Returns whether the version can be distinguished from others, which its length alone does not allow. */
    boolean isTellable() {
        return validator() != null;
    }

    /** Returns the value for {@code If-Range}, or null if there is none. */
    @Nullable
    String validator() {
        return validators.strong();
    }

    /**
     * Returns whether the response to a range is of this version: the same strong validator (RFC 9110 §15.3.7.3), and
     * nothing that contradicts it. The content coding need not be repeated, nor a date that was compared.
     */
    boolean isThatOf(Headers headers, long otherTotal) {
        if (total >= 0 && otherTotal >= 0 && total != otherTotal) {
            return false;
        }
        Version other = of(headers, otherTotal);
        if (other.coding != null && !other.coding.equals(coding)) {
            return false;
        }
        String validator = validator();
        if (validator == null) {
            return false;
        }
        Validators others = other.validators;
        return validators.entityTag != null
                ? validator.equals(others.entityTag)
                : others.entityTag == null && (others.lastModified == null || validator.equals(others.lastModified));
    }

    /** Returns the text of a version file: one field a line, each line ended, so that a torn text is recognized. */
    String text() {
        return line("etag", validators.entityTag)
                + line("last-modified", validators.lastModified)
                + line("length", Long.toString(total))
                + line("name", name)
                + line("date", validators.date);
    }

    private static String line(String field, @Nullable String value) {
        return field + " " + (value == null ? "" : value) + "\n";
    }

    /**
     * Parses {@link #text}. Returns UNKNOWN for any other text, also for the beginning of one: a process that ends while it
     * writes leaves a length with too few digits or a name without its extension.
     */
    static Version ofText(byte[] text) {
        Matcher matcher = TEXT.matcher(new String(text, StandardCharsets.UTF_8));
        if (!matcher.matches()) {
            return UNKNOWN;
        }
        String name = emptyToNull(matcher.group("name"));
        return new Version(
                new Validators(
                        emptyToNull(matcher.group("tag")),
                        emptyToNull(matcher.group("modified")),
                        emptyToNull(matcher.group("date"))),
                Long.parseLong(matcher.group("length")),
                null,
                name == null ? null : FileName.sanitised(name));
    }

    private static @Nullable String emptyToNull(String value) {
        return value.isEmpty() ? null : value;
    }
}
