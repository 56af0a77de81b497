package io.penstock.benchmarks.scale;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;

/** Memory in use: the heap after a collection, and the allocator's buffers outside it. */
record Heap(long heapBytes, long directBytes) {

    private static final int COLLECTIONS = 4;
    private static final long SETTLE_MILLIS = 100;

    static Heap afterCollection() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(SETTLE_MILLIS);
        }
        return new Heap(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), direct());
    }

    private static long direct() {
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider told) {
            return told.metric().usedDirectMemory();
        }
        throw new IllegalStateException("allocator: " + ByteBufAllocator.DEFAULT + " (expected: one that counts)");
    }

    /** Returns the memory per object for the objects created since another reading. */
    Measurements.Memory since(Heap before, int count) {
        return new Measurements.Memory(
                count,
                (double) (heapBytes - before.heapBytes) / count,
                (double) (directBytes - before.directBytes) / count);
    }
}
