package io.penstock.benchmarks.storm;

import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** A counter of requests as they arrive, in total and in time slots. */
final class SendCounter {

    /** The length of a slot. */
    static final int SLOT_MILLIS = 100;

    private static final int SLOTS = 6000;

    private final AtomicLong total = new AtomicLong();
    private volatile AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private volatile long begun = System.currentTimeMillis();

    void begin() {
        slots = new AtomicLongArray(SLOTS);
        begun = System.currentTimeMillis();
        total.set(0);
    }

    void count() {
        total.incrementAndGet();
        long slot = (System.currentTimeMillis() - begun) / SLOT_MILLIS;
        if (slot >= 0 && slot < SLOTS) {
            slots.incrementAndGet((int) slot);
        }
    }

    long total() {
        return total.get();
    }

    /** Returns the counts up to now, separated by commas. */
    String slots() {
        long past = Math.min((System.currentTimeMillis() - begun) / SLOT_MILLIS, SLOTS);
        StringJoiner counts = new StringJoiner(",");
        for (int i = 0; i < past; i++) {
            counts.add(Long.toString(slots.get(i)));
        }
        return counts.toString();
    }
}
