package io.penstock.envelope;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A member at the top of a 2xx body that says that it is a failure all the same.
 *
 * @param member its name
 * @param values the values that say so, compared without case; {@code false} is one as well as the text "false"
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
        return new FailureSign(member, Set.of(values));
    }

    boolean matches(String value) {
        return values.contains(value.toLowerCase(Locale.ROOT));
    }
}
