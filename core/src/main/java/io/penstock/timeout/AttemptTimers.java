package io.penstock.timeout;

import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
 * One coarse timer for all running attempts of a client: a task of its own for each, with a hop to another thread,
 * would cost more than the rest of the pipeline.
 *
 * <p>A running attempt sits in a slot; every {@value #TICK_MILLIS} ms one task looks through the slots, so that an
 * attempt expires at most that much late. Taking and leaving a slot is one compare-and-set. The task runs only while
 * there is something to watch: it stops after a second of empty slots, and whoever takes a slot starts it again. Both
 * sides write first and read the other's mark after, so that one of them sees the other.
 */
final class AttemptTimers implements Runnable {

    static final long TICK_MILLIS = 5;

    private static final int SLOTS = 1024;
    private static final int PROBES = 16;
    /** Neighbours in time are not neighbours in memory, so that threads seldom meet in a cache line. */
    private static final int STRIDE = 37;

    private static final int IDLE_TICKS = 200;

    /** Something that ends by itself, unless somebody else ends it first. */
    interface Timed {
        /** Looks at the clock, and ends if it is time. Ticks come one after the other, though on changing threads. */
        void tick(long nowNanos);
    }

    private final Scheduler scheduler;
    private final AtomicReferenceArray<@Nullable Timed> slots = new AtomicReferenceArray<>(SLOTS);
    private final Set<Timed> overflow = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private int idleTicks;
    private int cursor;

    AttemptTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Watches it. The result is what {@link #remove} wants back.
     *
     * @throws RejectedExecutionException if the scheduler takes no more tasks; then it is not watched
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
        cursor = start + STRIDE; // a race costs a probe or two: no reason to be atomic
        for (int i = 0; i < PROBES; i++) {
            int slot = start + i & SLOTS - 1;
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, timed)) {
                return slot;
            }
        }
        overflow.add(timed);
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

    /** A scheduler that takes no task now may take one later: whoever takes a slot then starts the ticks again. */
    private void scheduleOrStop() {
        try {
            schedule();
        } catch (RejectedExecutionException e) {
            ticking.set(false);
        }
    }

    /** Whether anything is watched. */
    private boolean tickAll() {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        boolean any = false;
        for (int i = 0; i < SLOTS; i++) {
            Timed timed = slots.get(i);
            if (timed != null) {
                any = true;
                tick(timed, now);
            }
        }
        for (Timed timed : overflow) {
            any = true;
            tick(timed, now);
        }
        return any;
    }

    /** What one subscriber throws must not cost the others their time-out. */
    private static void tick(Timed timed, long now) {
        try {
            timed.tick(now);
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
