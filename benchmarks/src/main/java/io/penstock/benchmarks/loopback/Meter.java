package io.penstock.benchmarks.loopback;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The resources that this process has used so far: the CPU time of all its threads, including those of the compiler and
 * the collector, and the heap bytes that its Java threads have allocated. It misses the allocation of threads that
 * ended between two readings; the clients keep their threads.
 */
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    record Reading(long nanos, long cpuNanos, Map<Long, Long> bytes) {

        /**
         * Returns the bytes allocated since another reading. For a thread that is new since then, all of its allocation
         * counts.
         */
        long bytesSince(Reading before) {
            return bytes.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - before.bytes.getOrDefault(thread.getKey(), 0L))
                    .sum();
        }
    }

    private Meter() {}

    static Reading read() {
        long[] ids = THREADS.getAllThreadIds();
        long[] allocated = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, Long> bytes = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (allocated[i] >= 0) { // -1: the thread has ended
                bytes.put(ids[i], allocated[i]);
            }
        }
        return new Reading(System.nanoTime(), SYSTEM.getProcessCpuTime(), bytes);
    }

    /**
     * Lets another thread allocate a known amount.
     *
     * @throws IllegalStateException if the reading differs from that amount by more than 1 %
     */
    static void check() throws InterruptedException, ExecutionException {
        int arrays = 4096;
        int each = 16 * 1024;
        ExecutorService other = Executors.newSingleThreadExecutor(); // only a live thread can be read
        Reading before = read();
        byte[][] kept = new byte[arrays][];
        other.submit(() -> Arrays.setAll(kept, i -> new byte[each - 16])).get(); // plus a header of 16 bytes
        long read = read().bytesSince(before);
        other.shutdown();
        long expected = (long) arrays * each;
        if (Math.abs(read - expected) > expected / 100) {
            throw new IllegalStateException("allocated: " + read + " (expected: about " + expected
                    + "; the figures of this JVM cannot be trusted)");
        }
    }
}
