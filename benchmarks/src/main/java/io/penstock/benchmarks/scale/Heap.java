package io.penstock.benchmarks.scale;

import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;

/** What is in use, of heap after a collection, and of pooled buffers outside it. */
record Heap(long heapBytes, long directBytes) {

    private static final int COLLECTIONS = 4;
    private static final long SETTLE_MILLIS = 100;

    static Heap afterCollection() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(SETTLE_MILLIS);
        }
        return new Heap(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    /** What each of so many takes, that have come since. */
    Measurements.Memory since(Heap before, int count) {
        return new Measurements.Memory(
                count,
                (double) (heapBytes - before.heapBytes) / count,
                (double) (directBytes - before.directBytes) / count);
    }
}
