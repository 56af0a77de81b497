package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sliding window over a published limit, for servers that report nothing. A unit comes back one window after its
 * request has <em>ended</em>: the server counted the request no later than that, however long it was on its way.
 *
 * <pre>
 *  units 2      |-- window --|
 *  a            s---e            .          s: sent, e: ended
 *  b              s-----e        .  .
 *  c                             s          the unit of a is back
 *  d                                s       the unit of b is back
 * </pre>
 *
 * Time is counted in {@value #GRAINS} grains of a window. A unit comes back at most one grain late, never early.
 */
final class DeclaredWindow implements Window {

    /** With this many grains, a window is used to 99.6 %. */
    private static final int GRAINS = 256;
    /**
     * Twice what is needed: a thread that is delayed while it collects a grain must not meet the units of another
     * grain.
     */
    private static final int SLOTS = 2 * GRAINS;

    private final DeclaredLimit limit;
    private final long grainNanos;
    private final long epochNanos;
    private final AtomicInteger free;
    private final AtomicIntegerArray due = new AtomicIntegerArray(SLOTS);
    private final AtomicLong collected = new AtomicLong();

    DeclaredWindow(DeclaredLimit limit, long now) {
        this.limit = limit;
        this.grainNanos = Math.max(1, limit.per().toNanos() / GRAINS);
        this.epochNanos = now;
        this.free = new AtomicInteger(limit.permits());
    }

    DeclaredLimit limit() {
        return limit;
    }

    private long grain(long now) {
        return (now - epochNanos) / grainNanos;
    }

    private static int slot(long grain) {
        return (int) (grain % SLOTS);
    }

    /** Returns how many units are free. */
    int available(long now) {
        collect(grain(now));
        return Math.max(0, free.get());
    }

    @Override
    public boolean tryTake(long now, int units) {
        int wanted = possible(units);
        if (takeFree(wanted)) {
            return true;
        }
        collect(grain(now));
        return takeFree(wanted);
    }

    private int possible(int units) {
        return Math.min(units, limit.permits());
    }

    private boolean takeFree(int wanted) {
        int units = free.get();
        while (units >= wanted) {
            if (free.compareAndSet(units, units - wanted)) {
                return true;
            }
            units = free.get();
        }
        return wanted == 0;
    }

    /**
     * Collects the units that are due. The thread that advances {@code collected} by a grain owns that grain. Every
     * thread stays until {@code collected} has reached {@code until}, so that no new units are recorded in a slot whose
     * old ones have not been collected.
     */
    private void collect(long until) {
        for (long last = collected.get(); last < until; last = collected.get()) {
            // After a long silence everything is due. One round through the slots finds it all.
            long next = Math.max(last + 1, until - SLOTS);
            if (collected.compareAndSet(last, next)) {
                int units = due.getAndSet(slot(next), 0);
                if (units > 0) {
                    free.addAndGet(units);
                }
            }
        }
    }

    @Override
    public void overdraw(int units) {
        free.addAndGet(-possible(units));
    }

    @Override
    public boolean refillsByItself(long now) {
        long grain = grain(now);
        for (long g = grain + 1; g <= grain + GRAINS + 1; g++) {
            if (due.get(slot(g)) > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void giveBack(int units) {
        free.addAndGet(possible(units));
    }

    @Override
    public void ended(long now, boolean answered, int units, int cost) {
        long grain = grain(now);
        collect(grain);
        int taken = possible(units);
        int spent = possible(cost);
        if (spent != taken) {
            free.addAndGet(taken - spent);
        }
        due.addAndGet(slot(grain + GRAINS + 1), spent);
    }

    @Override
    public long waitNanos(long now, int ahead) {
        long grain = grain(now);
        collect(grain);
        long units = (long) free.get() - ahead;
        if (units > 0) {
            return 0;
        }
        long rounds = -units / limit.permits();
        units += rounds * limit.permits();
        for (long g = grain + 1; g <= grain + GRAINS + 1 && units <= 0; g++) {
            units += due.get(slot(g));
            if (units > 0) {
                return later(epochNanos + g * grainNanos - now, rounds);
            }
        }
        // The unit in question is still under way. It comes back a window after its end, which is yet to come.
        return later(windowNanos() + grainNanos, rounds);
    }

    private long later(long nanos, long windows) {
        return windows > (NEVER - nanos) / windowNanos() ? NEVER : nanos + windows * windowNanos();
    }

    private long windowNanos() {
        return limit.per().toNanos();
    }

    /** Returns how many units are free now. */
    int free(long now) {
        collect(grain(now));
        return free.get();
    }
}
