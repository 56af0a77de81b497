package io.penstock.polling;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.ratelimit.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** The waits of a polling: from its policy, the server's hints, the expected end and the remaining time. */
final class PollWaits {

    /** 73 years: four times that still fit into a long of nanoseconds. */
    private static final long LONGEST_SECONDS = Long.MAX_VALUE / 4_000_000_000L;

    private final PollPolicy policy;
    private final PollAccount account;
    private final Scheduler clock;
    private final long endNanos;
    private final RetryAfter places;

    PollWaits(PollPolicy policy, PollAccount account, Scheduler clock, long endNanos, RetryAfter places) {
        this.places = places;
        this.policy = policy;
        this.account = account;
        this.clock = clock;
        this.endNanos = endNanos;
    }

    /** Returns the time left until the time limit. */
    long leftNanos() {
        return endNanos - account.nowNanos();
    }

    /**
     * Returns the wait before the first poll: the configured wait, extended towards the expected end if the time limit
     * allows it.
     */
    long beforeTheFirst(Polling<?> polling) {
        long least = polling.timing().firstAfter().toNanos();
        long expected = (long) (expectedInNanos(polling.timing().expectedAt()) * policy.expectedShare());
        return expected < leftNanos() ? Math.max(least, expected) : least;
    }

    /** Returns the wait after a poll that got a response. */
    long after(Headers answer, @Nullable Instant expectedAt) {
        RetryAfter.Hint hint = places.of(answer, clock.now(TimeUnit.MILLISECONDS));
        return afterPoll(hint == null ? 0 : hintNanos(hint), expectedInNanos(expectedAt));
    }

    /** Returns the wait after a failed poll. */
    long after(ApiException failed) {
        return afterPoll(hintNanos(failed), 0);
    }

    private long afterPoll(long hintNanos, long expectedInNanos) {
        double random = ThreadLocalRandom.current().nextDouble();
        return policy.waitNanos(account.count(), random, hintNanos, expectedInNanos, leftNanos());
    }

    private long hintNanos(RetryAfter.Hint hint) {
        String note = hint.note();
        if (note != null) {
            account.note(note);
        }
        Duration delay = hint.delay();
        return delay == null ? 0 : delay.toNanos();
    }

    private long hintNanos(ApiException failed) {
        Duration after = failed.retryAfter();
        if (after != null) {
            return Math.max(0, after.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : after.toNanos());
        }
        return expectedInNanos(failed.retryAt());
    }

    private long expectedInNanos(@Nullable Instant at) {
        if (at == null) {
            return 0;
        }
        // In seconds first: a server's time may be too far away for its milliseconds to fit into a long.
        long now = clock.now(TimeUnit.MILLISECONDS);
        if (at.getEpochSecond() - now / 1000 > LONGEST_SECONDS) {
            return TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        }
        return at.getEpochSecond() < 0 ? 0 : TimeUnit.MILLISECONDS.toNanos(Math.max(0, at.toEpochMilli() - now));
    }
}
