package io.penstock.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still between two steps, so that what a simulator does by the time is decided by the test and not by
 * the speed of the machine:
 *
 * <pre>{@code
 * SteppedClock clock = SteppedClock.startingNow();
 * PentifySimulator simulator = PentifySimulator.start(PentifyRules.documented().withClock(clock));
 * simulator.scansTake(JobCourse.starting("queued").then(ofMinutes(1), "succeeded"));
 * // the scan is queued, for as long as the test likes
 * clock.advance(ofMinutes(1));
 * // it has succeeded
 * }</pre>
 *
 * Thread-safe. Every zone is UTC.
 */
public final class SteppedClock extends Clock {

    private Instant now;

    private SteppedClock(Instant now) {
        this.now = now;
    }

    /** Starts at the time of the system, which the times of a client under test are compared with. */
    public static SteppedClock startingNow() {
        return new SteppedClock(Instant.now());
    }

    /** Moves on. */
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
