package io.penstock.polling;

import io.penstock.error.ApiException;
import io.penstock.ratelimit.TimeNotation;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Where an answer about a long operation has what: JSON pointers (RFC 6901) into the decoded payload. What an answer lacks,
 * or has in another form, is not known of it; a state that is not there means that the operation goes on.
 *
 * <pre>{@code
 * JobShape.at("/status", StateWords.succeeding("succeeded").failing("failed")).withPercent("/completion_ratio")
 * }</pre>
 *
 * @param state where the word for its state is
 * @param words what the words mean
 * @param percent where its progress is, 0 to 100; or null
 * @param expectedAt where the time is at which its end is expected: ISO 8601, an HTTP-date, or an epoch time; or null
 * @param reason where it is told why it did not succeed; or null
 */
public record JobShape(
        String state,
        StateWords words,
        @Nullable String percent,
        @Nullable String expectedAt,
        @Nullable String reason) implements Function<JsonNode, PollStatus> {

    /** Checks the pointers. */
    public JobShape {
        check("state", state);
        check("percent", percent);
        check("expectedAt", expectedAt);
        check("reason", reason);
    }

    /** A shape of which only the state is known. */
    public static JobShape at(String state, StateWords words) {
        return new JobShape(state, words, null, null, null);
    }

    /** The same, with where its progress is. */
    public JobShape withPercent(String pointer) {
        return new JobShape(state, words, pointer, expectedAt, reason);
    }

    /** The same, with where the time of its end is told. */
    public JobShape withExpectedAt(String pointer) {
        return new JobShape(state, words, percent, pointer, reason);
    }

    /** The same, with where it is told why it did not succeed. */
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
            return null; // a server's own idea of a number: then its progress is not known
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : TimeNotation.instant(text, Instant.now());
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
