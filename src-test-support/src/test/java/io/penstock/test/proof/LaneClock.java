package io.penstock.test.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The clock and timer of one lane's client. It goes with the system's clock, but leaps over a timeout that nothing else
 * can end: nobody waits for it. One thread moves it; any thread may schedule, without a lock, because event loops do.
 */
public final class LaneClock implements Scheduler {

    /** A machine that stood still for longer has not let the client work either. */
    private static final long LONGEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private record Task(long dueNanos, long number, Runnable work, AtomicBoolean cancelled) implements Disposable {
        @Override
        public void dispose() {
            cancelled.set(true);
        }

        @Override
        public boolean isDisposed() {
            return cancelled.get();
        }
    }

    private final Queue<Task> added = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::number));
    private final AtomicLong numbers = new AtomicLong();
    private volatile long nowNanos;
    private long lastNanos = System.nanoTime();

    /** A clock that stands at the epoch. */
    LaneClock() {
        this(Instant.EPOCH);
    }

    /** A clock that stands there. */
    public LaneClock(Instant start) {
        nowNanos = TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano();
    }

    /** Goes as far as the system's clock has gone since the last time, and runs what is due. */
    public void goOn() {
        long system = System.nanoTime();
        advance(Math.min(system - lastNanos, LONGEST_STEP_NANOS));
        lastNanos = system;
    }

    /** Goes so far at once, and runs what is due in between, each at its time. */
    public void leap(Duration time) {
        advance(time.toNanos());
    }

    /** Goes so far at once, as if the machine had slept: what was due in between runs at the end, once. */
    public void jump(Duration time) {
        long end = nowNanos + time.toNanos();
        nowNanos = end;
        advance(0);
    }

    private void advance(long nanos) {
        long end = nowNanos + nanos;
        for (Task due = poll(end); due != null; due = poll(end)) {
            nowNanos = Math.max(nowNanos, due.dueNanos());
            if (!due.isDisposed()) {
                due.work().run();
            }
        }
        nowNanos = end;
    }

    private @Nullable Task poll(long end) {
        for (Task task = added.poll(); task != null; task = added.poll()) {
            waiting.add(task);
        }
        Task first = waiting.peek();
        return first == null || first.dueNanos() > end ? null : waiting.poll();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Task timed = new Task(nowNanos + unit.toNanos(delay), numbers.getAndIncrement(), task, new AtomicBoolean());
        added.add(timed);
        return timed;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("a client has no workers");
    }
}
