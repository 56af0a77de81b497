package io.penstock;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler that leaves everything to another one. A test overrides what it watches or changes. */
public class ForwardingScheduler implements Scheduler {

    private final Scheduler target;

    protected ForwardingScheduler(Scheduler target) {
        this.target = target;
    }

    @Override
    public long now(TimeUnit unit) {
        return target.now(unit);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return target.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return target.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
        return target.schedulePeriodically(task, first, period, unit);
    }

    @Override
    public Worker createWorker() {
        return target.createWorker();
    }

    @Override
    public void dispose() {
        target.dispose();
    }
}
