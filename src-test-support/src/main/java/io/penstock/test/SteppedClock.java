package io.penstock.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until the test advances it. The test, not the speed of the machine, then decides when the
 * time of a simulator passes:
 *
 * <pre>{@code
 * SteppedClock clock = SteppedClock.startingNow();
 * PentifySimulator simulator = PentifySimulator.start(PentifyRules.documented().withClock(clock));
 * simulator.scansTake(JobCourse.starting("queued").then(ofMinutes(1), "succeeded"));
 * // the scan stays queued until the clock advances
 * clock.advance(ofMinutes(1));
 * // it has succeeded
 * }</pre>
 *
 * Thread-safe. The zone is always UTC.
 */
public final class SteppedClock extends Clock {

    private Instant now;

    private SteppedClock(Instant now) {
        this.now = now;
    }

    /** Returns a clock that starts at the system time, so that its times agree with those of a client under test. */
    public static SteppedClock startingNow() {
        return new SteppedClock(Instant.now());
    }

    /**
     * Returns a clock that starts at the given instant, such as the one of a documented sample.
     *
     * @param instant the start as ISO-8601: {@code 2024-03-01T10:00:00.250Z}
     * @throws java.time.format.DateTimeParseException if it is none
     */
    public static SteppedClock at(String instant) {
        return new SteppedClock(Instant.parse(instant));
    }

    /** Advances the clock. */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
