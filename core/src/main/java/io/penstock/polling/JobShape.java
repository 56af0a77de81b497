package io.penstock.polling;

import io.penstock.error.ApiException;
import io.penstock.ratelimit.TimeNotation;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * The places of an operation's state in a response: JSON pointers (RFC 6901) into the decoded payload. A value that is
 * missing or has another form counts as unknown; a missing state means that the operation is still running.
 *
 * <pre>{@code
 * JobShape.at("/status", StateWords.succeeding("succeeded").failing("failed")).withPercent("/completion_ratio")
 * }</pre>
 *
 * @param state the pointer to the word for the state
 * @param words the meaning of the words
 * @param percent the pointer to the progress, 0 to 100; or null
 * @param expectedAt the pointer to the expected end: ISO 8601, an HTTP-date, or an epoch time; or null
 * @param reason the pointer to the reason for a failure; or null
 */
public record JobShape(
        String state,
        StateWords words,
        @Nullable String percent,
        @Nullable String expectedAt,
        @Nullable String reason) implements Function<JsonNode, PollStatus> {

    /**
     * The time that determines the century of a two-digit year, which is thereby 1970 to 2069. A fixed one, because a
     * shape does not know the client's clock, which may be virtual and begin in 1970.
     */
    private static final Instant CENTURY = Instant.parse("2019-01-01T00:00:00Z");

    /** Checks the pointers; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public JobShape {
        check("state", state);
        check("percent", percent);
        check("expectedAt", expectedAt);
        check("reason", reason);
    }

    /** Returns a shape that has only the state. */
    public static JobShape at(String state, StateWords words) {
        return new JobShape(state, words, null, null, null);
    }

    /** Returns a copy with a pointer to the progress. */
    public JobShape withPercent(String pointer) {
        return new JobShape(state, words, pointer, expectedAt, reason);
    }

    /** Returns a copy with a pointer to the expected end. */
    public JobShape withExpectedAt(String pointer) {
        return new JobShape(state, words, percent, pointer, reason);
    }

    /** Returns a copy with a pointer to the reason for a failure. */
    public JobShape withReason(String pointer) {
        return new JobShape(state, words, percent, expectedAt, pointer);
    }

    @Override
    public PollStatus apply(JsonNode answer) {
        String number = text(answer, percent);
        return words.status(text(answer, state))
                .withPercent(number == null ? null : percent(number))
                .withExpectedAt(instant(text(answer, expectedAt)))
                .withReason(text(answer, reason));
    }

    private static @Nullable String text(JsonNode answer, @Nullable String pointer) {
        JsonNode found = pointer == null ? null : answer.at(pointer);
        return found == null || !found.isValueNode() || found.isNull() ? null : found.asString();
    }

    private static @Nullable Double percent(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null; // not a number: the progress is unknown
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : TimeNotation.instant(text, CENTURY);
    }

    private static void check(String name, @Nullable String pointer) {
        try {
            if (pointer != null) {
                var unused = JsonPointer.compile(pointer);
            }
        } catch (IllegalArgumentException e) {
            throw ApiException.invalidConfiguration(name + ": " + pointer
                    + " (expected: a JSON pointer as in RFC 6901, such as /status, or nothing for the whole answer)");
        }
    }
}
