package io.penstock.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parser of durations: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, or ISO 8601: {@code PT30S}. */
final class DurationText {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final String EXPECTED = "such as 500ms, 30s, 2m or PT30S; more than zero, at most 24h";

    private DurationText() {}

    static Duration parse(String option, String text) {
        Duration duration = read(option, text);
        if (duration.isZero() || duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw BadArgument.of(option, text, "out of range", EXPECTED);
        }
        return duration;
    }

    private static Duration read(String option, String text) {
        Matcher m = SHORT.matcher(text);
        if (m.matches()) {
            long amount = Long.parseLong(m.group(1));
            return switch (m.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw BadArgument.of(option, text, "not a duration", EXPECTED);
            }
        }
        throw BadArgument.of(option, text, "not a duration", EXPECTED);
    }
}
