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
import java.util.stream.LongStream;

/**
 * The resources that this process has used so far: the CPU time of all its threads, including those of the compiler and
 * the collector, and the heap bytes that its Java threads have allocated. It misses the allocation of threads that
 * ended between two readings; the clients keep their threads.
 */
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * A reading.
     *
     * @param bytes the bytes that each thread has allocated
     * @param threadNanos the CPU time of each thread
     */
    record Reading(
            long nanos, long cpuNanos, Map<Long, Long> bytes, Map<Long, Long> threadNanos, Machine.Reading machine) {

        /**
         * Returns the bytes allocated since another reading. For a thread that is new since then, all of its allocation
         * counts.
         */
        long bytesSince(Reading before) {
            return since(bytes, before.bytes).sum();
        }

        /** Returns the CPU time of the thread that has used the most since another reading. */
        long busiestSince(Reading before) {
            return since(threadNanos, before.threadNanos).max().orElse(0);
        }

        private static LongStream since(Map<Long, Long> now, Map<Long, Long> before) {
            return now.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
        }
    }

    private Meter() {}

    /**
     * Reads this process and the machine.
     *
     * @param server the id of the server's process
     */
    static Reading read(long server) {
        long[] ids = THREADS.getAllThreadIds();
        return new Reading(
                System.nanoTime(),
                SYSTEM.getProcessCpuTime(),
                byThread(ids, THREADS.getThreadAllocatedBytes(ids)),
                byThread(ids, THREADS.getThreadCpuTime(ids)),
                Machine.read(server));
    }

    private static Map<Long, Long> byThread(long[] ids, long[] values) {
        Map<Long, Long> all = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (values[i] >= 0) { // -1: the thread has ended
                all.put(ids[i], values[i]);
            }
        }
        return all;
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
        long self = ProcessHandle.current().pid();
        Reading before = read(self);
        byte[][] kept = new byte[arrays][];
        other.submit(() -> Arrays.setAll(kept, i -> new byte[each - 16])).get(); // plus a header of 16 bytes
        long read = read(self).bytesSince(before);
        other.shutdown();
        long expected = (long) arrays * each;
        if (Math.abs(read - expected) > expected / 100) {
            throw new IllegalStateException("allocated: " + read + " (expected: about " + expected
                    + "; the figures of this JVM cannot be trusted)");
        }
    }
}
