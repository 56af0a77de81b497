package io.penstock.body;

import io.penstock.error.ApiException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A member at the top of a 2xx body that says that it is a failure all the same.
 *
 * @param member its name
 * @param values the values that say so, compared without case; {@code false} is one as well as the text "false". If there
 *     are none, any value says so but null, {@code false} and a blank text
 */
public record FailureSign(String member, Set<String> values) {

    /** Copies the values in lower case. */
    public FailureSign {
        Set<String> lower = new TreeSet<>();
        values.forEach(value -> lower.add(value.toLowerCase(Locale.ROOT)));
        values = Set.copyOf(lower);
    }

    /** {@code {"<member>": false}}. */
    public static FailureSign isFalse(String member) {
        return new FailureSign(member, Set.of("false"));
    }

    /** {@code {"<member>": "<one of the values>"}}. */
    public static FailureSign isOneOf(String member, String... values) {
        if (values.length == 0) {
            throw ApiException.invalidConfiguration(
                    "failure sign \"" + member + "\": no values (expected: at least one, or isSet)");
        }
        return new FailureSign(member, Set.of(values));
    }

    /** {@code {"<member>": <anything but null, false and a blank text>}}. */
    public static FailureSign isSet(String member) {
        return new FailureSign(member, Set.of());
    }

    /** Whether the value at which a parser stands says so. */
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

    /** A text that is cut off had something to say. */
    private static boolean isBlank(JsonParser atText) {
        try {
            return atText.getString().isBlank();
        } catch (JacksonException cut) {
            return false;
        }
    }
}
