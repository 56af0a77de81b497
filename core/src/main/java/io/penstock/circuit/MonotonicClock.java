package io.penstock.circuit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler's monotonic clock as a {@link Clock}: suitable for differences, driven by virtual time, never set back.
 */
final class MonotonicClock extends Clock {

    private final Scheduler scheduler;

    MonotonicClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(scheduler.now(TimeUnit.NANOSECONDS));
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
