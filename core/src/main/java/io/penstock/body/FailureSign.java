package io.penstock.body;

import io.penstock.error.ApiException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A member at the top of a 2xx body that marks it as a failure.
 *
 * @param member its name
 * @param values the values that mark a failure, compared without case; {@code false} matches both the boolean and the
 *     text "false". If empty, any value marks a failure except null, {@code false} and a blank text
 */
public record FailureSign(String member, Set<String> values) {

    /** Copies the values in lower case. */
    public FailureSign {
        Set<String> lower = new TreeSet<>();
        values.forEach(value -> lower.add(value.toLowerCase(Locale.ROOT)));
        values = Set.copyOf(lower);
    }

    /** Creates the sign {@code {"<member>": false}}. */
    public static FailureSign isFalse(String member) {
        return new FailureSign(member, Set.of("false"));
    }

    /** Creates the sign {@code {"<member>": "<one of the values>"}}. */
    public static FailureSign isOneOf(String member, String... values) {
        if (values.length == 0) {
            throw ApiException.invalidConfiguration(
                    "failure sign \"" + member + "\": no values (expected: at least one, or isSet)");
        }
        return new FailureSign(member, Set.of(values));
    }

    /** Creates the sign {@code {"<member>": <anything but null, false and a blank text>}}. */
    public static FailureSign isSet(String member) {
        return new FailureSign(member, Set.of());
    }

    /** Returns whether the parser's current value marks a failure. */
    boolean isSaidBy(JsonParser atValue) {
        JsonToken value = atValue.currentToken();
        if (!values.isEmpty()) {
            return value.isScalarValue() && values.contains(atValue.getString().toLowerCase(Locale.ROOT));
        }
        return switch (value) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> !isBlank(atValue);
            default -> true;
        };
    }

    /** Returns whether a text is blank; a truncated text is not. */
    private static boolean isBlank(JsonParser atText) {
        try {
            return atText.getString().isBlank();
        } catch (JacksonException cut) {
            return false;
        }
    }
}
