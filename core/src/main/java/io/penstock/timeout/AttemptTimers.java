package io.penstock.timeout;

import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * One coarse timer for all running attempts of a client: a separate task for each attempt, with a hop to another
 * thread, would cost more than the rest of the pipeline.
 *
 * <p>A running attempt occupies a slot. Every {@value #TICK_MILLIS} ms one task scans the slots, so that an attempt
 * expires at most that much late. Taking and leaving a slot is one compare-and-set. The task runs only while there is
 * something to watch: it stops after a second of empty slots, and the next attempt that takes a slot restarts it. Each
 * side writes its own mark first and then reads the other's, so that at least one of them sees the other.
 */
final class AttemptTimers implements Runnable {

    static final long TICK_MILLIS = 5;

    private static final int SLOTS = 1024;
    private static final int PROBES = 16;
    /**
     * Attempts that start one after the other get slots that are far apart, so that threads rarely share a cache line.
     */
    private static final int STRIDE = 37;

    private static final int IDLE_TICKS = 200;

    /** An operation that ends on its own when its time is up. */
    interface Timed {
        /**
         * Checks the time and ends the operation if it is up. Ticks are serial, though on changing threads.
         *
         * @param watch what earlier ticks have seen of this operation
         */
        void tick(long nowNanos, Watch watch);
    }

    /**
     * The progress of an operation that the last tick saw, and the time at which a tick first saw it. Most operations
     * end before their first tick and need none, so it belongs to the slot and is used again. Accessed only by ticks.
     */
    static final class Watch {
        private @Nullable Timed of;
        private long progress;
        private long sinceNanos;

        /** Records the progress seen now. Returns whether it differs from the last tick's; before the first, that is 0. */
        boolean sees(long seen, long nowNanos) {
            if (seen == progress) {
                return false;
            }
            restart(seen, nowNanos);
            return true;
        }

        /** Measures the pause from now on. */
        void restart(long seen, long nowNanos) {
            progress = seen;
            sinceNanos = nowNanos;
        }

        /** Returns for how long the progress has been the same. */
        long pauseNanos(long nowNanos) {
            return nowNanos - sinceNanos;
        }

        private void follow(@Nullable Timed other) {
            if (of != other) {
                of = other;
                restart(0, 0);
            }
        }
    }

    private final Scheduler scheduler;
    private final AtomicReferenceArray<@Nullable Timed> slots = new AtomicReferenceArray<>(SLOTS);
    private final @Nullable Watch[] watches = new Watch[SLOTS];
    private final ConcurrentMap<Timed, Watch> overflow = new ConcurrentHashMap<>();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private int idleTicks;
    private int cursor;

    AttemptTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Watches an operation and returns the slot to pass to {@link #remove}.
     *
     * @throws RejectedExecutionException if the scheduler takes no more tasks; the operation is then not watched
     */
    int add(Timed timed) {
        int slot = put(timed);
        if (!ticking.get() && ticking.compareAndSet(false, true)) {
            try {
                schedule();
            } catch (RejectedExecutionException e) {
                ticking.set(false);
                remove(slot, timed);
                throw e;
            }
        }
        return slot;
    }

    private int put(Timed timed) {
        int start = cursor;
        cursor = start + STRIDE; // a race costs a probe or two, which does not justify an atomic
        for (int i = 0; i < PROBES; i++) {
            int slot = start + i & SLOTS - 1;
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, timed)) {
                return slot;
            }
        }
        overflow.put(timed, new Watch());
        return SLOTS;
    }

    void remove(int slot, Timed timed) {
        if (slot == SLOTS) {
            overflow.remove(timed);
        } else {
            slots.compareAndSet(slot, timed, null);
        }
    }

    private void schedule() {
        SubscriberContext.schedule(scheduler, this, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
    }

    @Override
    public void run() {
        boolean any = true;
        try {
            any = tickAll();
        } finally {
            tickOn(any);
        }
    }

    private void tickOn(boolean any) {
        idleTicks = any ? 0 : idleTicks + 1;
        if (idleTicks < IDLE_TICKS) {
            scheduleOrStop();
            return;
        }
        idleTicks = 0;
        ticking.set(false);
        if (!isEmpty() && ticking.compareAndSet(false, true)) {
            scheduleOrStop();
        }
    }

    /**
     * Schedules the next tick, or stops. A scheduler that rejects this task may accept a later one: the next attempt
     * that takes a slot then restarts the ticks.
     */
    private void scheduleOrStop() {
        try {
            schedule();
        } catch (RejectedExecutionException e) {
            ticking.set(false);
        }
    }

    /** Ticks all operations; returns whether there were any. */
    private boolean tickAll() {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        boolean any = false;
        for (int i = 0; i < SLOTS; i++) {
            Timed timed = slots.get(i);
            Watch watch = watches[i];
            if (timed != null) {
                any = true;
                if (watch == null) {
                    watch = new Watch();
                    watches[i] = watch;
                }
                watch.follow(timed);
                tick(timed, now, watch);
            } else if (watch != null) {
                watch.follow(null); // must not retain what has ended
            }
        }
        for (Map.Entry<Timed, Watch> watched : overflow.entrySet()) {
            any = true;
            tick(watched.getKey(), now, watched.getValue());
        }
        return any;
    }

    /** Ticks one operation; its exceptions must not cost the others their timeout. */
    private static void tick(Timed timed, long now, Watch watch) {
        try {
            timed.tick(now, watch);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    private boolean isEmpty() {
        for (int i = 0; i < SLOTS; i++) {
            if (slots.get(i) != null) {
                return false;
            }
        }
        return overflow.isEmpty();
    }
}
