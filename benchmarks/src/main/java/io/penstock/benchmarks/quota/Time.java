package io.penstock.benchmarks.quota;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clock and timer of a run.
 *
 * @param scheduler the scheduler of all waits
 * @param nanos a monotonic clock
 */
record Time(Scheduler scheduler, LongSupplier nanos) {

    static Time real() {
        return new Time(Schedulers.parallel(), System::nanoTime);
    }

    static Time of(Scheduler scheduler) {
        return new Time(scheduler, () -> scheduler.now(TimeUnit.NANOSECONDS));
    }
}
