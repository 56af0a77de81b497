package io.penstock.test;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** The size of what is reachable on the heap. */
final class LiveHeap {

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
    private static final int COLLECTIONS = 4;

    private LiveHeap() {}

    /** Returns the least use after several collections: the first ones only enqueue what is to be cleaned up. */
    static long bytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, MEMORY.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
