package io.penstock.benchmarks.loopback;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What this process has used so far: CPU time of all its threads, those of the compiler and the collector too, and what its
 * Java threads have allocated on the heap. What threads allocated that ended between two readings is missed; the clients keep
 * theirs.
 */
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    record Reading(long nanos, long cpuNanos, Map<Long, Long> bytes) {

        /** A thread that was not there before has allocated all it has since. */
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
            if (allocated[i] >= 0) { // -1: ended meanwhile
                bytes.put(ids[i], allocated[i]);
            }
        }
        return new Reading(System.nanoTime(), SYSTEM.getProcessCpuTime(), bytes);
    }

    /** Lets another thread allocate a known amount, and refuses to go on if it is not what is read, within 1 %. */
    static void check() throws InterruptedException {
        int arrays = 4096;
        int each = 16 * 1024;
        byte[][] kept = new byte[arrays][];
        Reading before = read();
        Thread thread = new Thread(() -> {
            for (int i = 0; i < arrays; i++) {
                kept[i] = new byte[each - 16]; // and a header of 16 bytes
            }
            synchronized (kept) {
                kept.notifyAll();
                try {
                    kept.wait(); // a thread must be there to be read
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        thread.setDaemon(true);
        synchronized (kept) {
            thread.start();
            while (kept[arrays - 1] == null) {
                kept.wait(100);
            }
        }
        long read = read().bytesSince(before);
        thread.interrupt();
        long expected = (long) arrays * each;
        if (Math.abs(read - expected) > expected / 100) {
            throw new IllegalStateException("allocated: " + read + " (expected: about " + expected
                    + "; the figures of this JVM cannot be trusted)");
        }
    }
}
