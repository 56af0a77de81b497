package io.penstock.polling;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of a long operation.
 *
 * @param state where it stands
 * @param word the server's own word for that, or null
 * @param progress how much of it is done, 0 to 1; null where the server does not tell
 * @param expectedAt when the server expects its end, or null; no promise, but looking before it makes little sense
 * @param reason the server's own words on why it did not succeed, or null
 */
public record PollStatus(
        PollState state,
        @Nullable String word,
        @Nullable Double progress,
        @Nullable Instant expectedAt,
        @Nullable String reason) {

    /** Refuses to have no state. Takes a progress that makes no sense for none, and one beyond the ends for the end. */
    public PollStatus {
        Objects.requireNonNull(state, "state");
        progress = progress == null || progress.isNaN() ? null : Double.valueOf(Math.min(1, Math.max(0, progress)));
        reason = reason == null || reason.isBlank() ? null : reason;
    }

    /** That state, and nothing more. */
    public static PollStatus of(PollState state) {
        return of(state, null);
    }

    /** That state, which the server calls so. */
    public static PollStatus of(PollState state, @Nullable String word) {
        return new PollStatus(state, word, null, null, null);
    }

    /** The same, with how much is done: 0 to 1. */
    public PollStatus withProgress(@Nullable Double share) {
        return new PollStatus(state, word, share, expectedAt, reason);
    }

    /** The same, with how much is done: 0 to 100. */
    public PollStatus withPercent(@Nullable Number percent) {
        return withProgress(percent == null ? null : Double.valueOf(percent.doubleValue() / 100));
    }

    /** The same, with when its end is expected. */
    public PollStatus withExpectedAt(@Nullable Instant end) {
        return new PollStatus(state, word, progress, end, reason);
    }

    /** The same, with why it did not succeed. */
    public PollStatus withReason(@Nullable String why) {
        return new PollStatus(state, word, progress, expectedAt, why);
    }
}
