package io.penstock.envelope;

import io.penstock.error.ApiException;
import io.penstock.error.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error that is recognised by more than its code, for APIs without codes. All given criteria must match.
 *
 * @param status the status; 1 to 5 for a class, such as 5 for 5xx (RFC 9110 §15); 0 for any
 * @param field the field that a field error names, compared without case; null for any
 * @param text the beginning of the message or of that field error, compared without case; null for any
 * @param rule its meaning
 */
public record ErrorCase(
        int status, @Nullable String field, @Nullable String text, ErrorRule rule) {

    /** Matches a status, before the rules that apply to every API. */
    public static ErrorCase ofStatus(int status, ErrorRule rule) {
        return new ErrorCase(status, null, null, rule);
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
        return new ErrorCase(firstDigit, null, null, rule);
    }

    /** Matches a status and the beginning of the message. */
    public static ErrorCase ofText(int status, String text, ErrorRule rule) {
        return new ErrorCase(status, null, text, rule);
    }

    /** Matches the field that a field error names, and the beginning of its text if one is given. */
    public static ErrorCase ofField(String field, @Nullable String text, ErrorRule rule) {
        return new ErrorCase(0, field, text, rule);
    }

    boolean matches(int actualStatus, @Nullable String message, List<FieldError> errors) {
        if (status != 0 && status != actualStatus && status != actualStatus / 100) {
            return false;
        }
        if (field == null) {
            return text == null || begins(message, text) || errors.stream().anyMatch(e -> begins(e.message(), text));
        }
        return errors.stream()
                .anyMatch(e -> field.equalsIgnoreCase(e.field()) && (text == null || begins(e.message(), text)));
    }

    private static boolean begins(@Nullable String whole, String beginning) {
        return whole != null && whole.regionMatches(true, 0, beginning, 0, beginning.length());
    }
}
