package io.penstock.envelope;

import io.penstock.error.ApiException;
import io.penstock.error.FieldError;
import io.penstock.http.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error that is recognised by more than its code. All given criteria must match.
 *
 * @param status the status; 1 to 5 for a class, such as 5 for 5xx (RFC 9110 §15); 0 for any
 * @param code the machine-readable code; null for any
 * @param said what the texts of the error say; null for anything
 * @param header a header of the response; null for any
 * @param rule its meaning
 */
public record ErrorCase(
        int status,
        @Nullable String code,
        @Nullable Said said,
        @Nullable Header header,
        ErrorRule rule) {

    /**
     * The texts of an error.
     *
     * @param field the field that a field error names, compared without case; null for any
     * @param text the beginning of the message or of that field error, compared without case; null for any
     */
    public record Said(@Nullable String field, @Nullable String text) {}

    /**
     * A header of the response.
     *
     * @param name its name
     * @param value its value, compared without case; null for any
     */
    public record Header(String name, @Nullable String value) {

        /** Checks the name; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Header {
            if (name.isBlank()) {
                throw ApiException.invalidConfiguration("error case: a header without a name (expected: its name)");
            }
            String wrong = Headers.whatIsWrongWithName(name);
            if (wrong != null) {
                throw ApiException.invalidConfiguration("error case: " + wrong);
            }
        }

        boolean stands(Headers headers) {
            return value == null
                    ? headers.contains(name)
                    : headers.all(name).stream().anyMatch(sent -> sent.strip().equalsIgnoreCase(value));
        }
    }

    /** What a response says of its error. */
    record Answer(
            int status, @Nullable String code, @Nullable String message, List<FieldError> fields, Headers headers) {}

    /** Matches a status, before the rules that apply to every API. */
    public static ErrorCase ofStatus(int status, ErrorRule rule) {
        return new ErrorCase(status, null, null, null, rule);
    }

    /**
     * Matches a status by its first digit, such as 5 for 5xx. Put the cases for single statuses before it.
     *
     * @throws ApiException INVALID_CONFIGURATION if the digit is not from 1 to 5
     */
    public static ErrorCase ofStatusClass(int firstDigit, ErrorRule rule) {
        if (firstDigit < 1 || firstDigit > 5) {
            throw ApiException.invalidConfiguration("status class: " + firstDigit + " (expected: 1 to 5)");
        }
        return new ErrorCase(firstDigit, null, null, null, rule);
    }

    /** Matches a code, before the rule that the table has for the code alone. Add a status or a header. */
    public static ErrorCase ofCode(String code, ErrorRule rule) {
        return new ErrorCase(0, code, null, null, rule);
    }

    /** Matches a response with this header, before the rules for its code. */
    public static ErrorCase ofHeader(String name, ErrorRule rule) {
        return new ErrorCase(0, null, null, new Header(name, null), rule);
    }

    /** Matches a response with this value of a header, before the rules for its code. */
    public static ErrorCase ofHeader(String name, String value, ErrorRule rule) {
        return new ErrorCase(0, null, null, new Header(name, value), rule);
    }

    /** Matches a status and the beginning of the message. */
    public static ErrorCase ofText(int status, String text, ErrorRule rule) {
        return new ErrorCase(status, null, new Said(null, text), null, rule);
    }

    /** Matches the field that a field error names, and the beginning of its text if one is given. */
    public static ErrorCase ofField(String field, @Nullable String text, ErrorRule rule) {
        return new ErrorCase(0, null, new Said(field, text), null, rule);
    }

    /** Returns a copy that also demands this status. */
    public ErrorCase withStatus(int newStatus) {
        return new ErrorCase(newStatus, code, said, header, rule);
    }

    /** Returns a copy that also demands this header. */
    public ErrorCase withHeader(String name) {
        return new ErrorCase(status, code, said, new Header(name, null), rule);
    }

    /** Returns a copy that also demands this value of a header. */
    public ErrorCase withHeader(String name, String value) {
        return new ErrorCase(status, code, said, new Header(name, value), rule);
    }

    /** Returns the field that a field error must name, or null. */
    public @Nullable String field() {
        return said == null ? null : said.field;
    }

    /** Returns the beginning that the message or a field error must have, or null. */
    public @Nullable String text() {
        return said == null ? null : said.text;
    }

    /** Returns whether it says more than the rule for a code alone, and counts before that. */
    boolean goesBeforeCodes() {
        return code != null || header != null;
    }

    boolean matches(Answer answer) {
        return (status == 0 || status == answer.status || status == answer.status / 100)
                && (code == null || code.equals(answer.code))
                && (header == null || header.stands(answer.headers))
                && isSaid(answer);
    }

    private boolean isSaid(Answer answer) {
        String field = field();
        String text = text();
        if (field == null) {
            return text == null
                    || begins(answer.message, text)
                    || answer.fields.stream().anyMatch(e -> begins(e.message(), text));
        }
        return answer.fields.stream()
                .anyMatch(e -> field.equalsIgnoreCase(e.field()) && (text == null || begins(e.message(), text)));
    }

    private static boolean begins(@Nullable String whole, String beginning) {
        return whole != null && whole.regionMatches(true, 0, beginning, 0, beginning.length());
    }
}
