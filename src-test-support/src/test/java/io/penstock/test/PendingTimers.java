package io.penstock.test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The timer of a client that counts the tasks that have neither run nor been disposed of. */
final class PendingTimers implements Scheduler {

    private final Scheduler timer = Schedulers.newSingle("pending-timers", true);
    private final AtomicInteger pending = new AtomicInteger();

    int pending() {
        return pending.get();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        pending.incrementAndGet();
        AtomicBoolean over = new AtomicBoolean();
        Runnable leave = () -> {
            if (over.compareAndSet(false, true)) {
                pending.decrementAndGet();
            }
        };
        Disposable scheduled = timer.schedule(
                () -> {
                    leave.run();
                    task.run();
                },
                delay,
                unit);
        return () -> {
            leave.run();
            scheduled.dispose();
        };
    }

    @Override
    public long now(TimeUnit unit) {
        return timer.now(unit);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("a client has no workers");
    }

    @Override
    public void dispose() {
        timer.dispose();
    }
}
