package io.penstock.polling;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The status of a long operation, as read from a response.
 *
 * @param state the state
 * @param word the server's own word for the state, or null
 * @param progress the completed share, 0 to 1; null if the server does not report it
 * @param expectedAt the time at which the server expects the end, or null; it is no promise, but polling before it
 *     makes little sense
 * @param reason the server's own reason for a failure, or null
 */
public record PollStatus(
        PollState state,
        @Nullable String word,
        @Nullable Double progress,
        @Nullable Instant expectedAt,
        @Nullable String reason) {

    /** Requires a state. Clamps the progress to 0 to 1, and replaces a NaN progress or a blank reason by null. */
    public PollStatus {
        Objects.requireNonNull(state, "state");
        progress = progress == null || progress.isNaN() ? null : Double.valueOf(Math.min(1, Math.max(0, progress)));
        reason = reason == null || reason.isBlank() ? null : reason;
    }

    /** Returns a status that has only the state. */
    public static PollStatus of(PollState state) {
        return of(state, null);
    }

    /** Returns a status with the state and the server's word for it. */
    public static PollStatus of(PollState state, @Nullable String word) {
        return new PollStatus(state, word, null, null, null);
    }

    /** Returns a copy with the completed share, 0 to 1. */
    public PollStatus withProgress(@Nullable Double share) {
        return new PollStatus(state, word, share, expectedAt, reason);
    }

    /** Returns a copy with the completed share in percent, 0 to 100. */
    public PollStatus withPercent(@Nullable Number percent) {
        return withProgress(percent == null ? null : Double.valueOf(percent.doubleValue() / 100));
    }

    /** Returns a copy with the expected end. */
    public PollStatus withExpectedAt(@Nullable Instant end) {
        return new PollStatus(state, word, progress, end, reason);
    }

    /** Returns a copy with the reason for a failure. */
    public PollStatus withReason(@Nullable String why) {
        return new PollStatus(state, word, progress, expectedAt, why);
    }
}
