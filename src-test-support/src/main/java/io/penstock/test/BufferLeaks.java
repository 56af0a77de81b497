package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * A check for pooled buffers that were garbage-collected without having been released. It needs
 * {@code -Dio.netty.leakDetection.level=paranoid} to see all of them. The log level of Netty's
 * {@link ResourceLeakDetector} must be ERROR or lower, because Netty does not look for leaks otherwise.
 */
public final class BufferLeaks {

    /** All leaks of the JVM, which has a single leak listener. A watch reports the entries added after it began. */
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    /** The leaks of one collection are certain to be enqueued only when a reference of the next one has been seen. */
    private static final int ROUNDS = 2;

    private static final long COLLECTION_MILLIS = 30_000;

    private final int before;

    private BufferLeaks(int before) {
        this.before = before;
    }

    /**
     * Starts a watch. Other watches in this JVM continue.
     *
     * @throws IllegalStateException if leak detection is disabled, or if the log level keeps Netty from looking for leaks
     */
    public static BufferLeaks watch() {
        if (!ResourceLeakDetector.isEnabled()) {
            throw new IllegalStateException("io.netty.leakDetection.level: " + ResourceLeakDetector.getLevel()
                    + " (expected: paranoid, because Netty looks for no leaks when detection is disabled)");
        }
        if (!LoggerFactory.getLogger(ResourceLeakDetector.class).isErrorEnabled()) {
            throw new IllegalStateException("log level of " + ResourceLeakDetector.class.getName()
                    + ": OFF (expected: ERROR or lower, because Netty looks for no leaks when it may not report them)");
        }
        ByteBufUtil.setLeakListener((type, records) -> FOUND.add(type + " " + records));
        return new BufferLeaks(FOUND.size());
    }

    /**
     * Returns the leaks since the watch began, with the last recorded accesses to each buffer. It collects garbage
     * first, so that dropped buffers are noticed. It blocks: call it from the test's own thread.
     *
     * @throws IllegalStateException if {@code System.gc()} collects nothing within 30 s
     */
    public List<String> found() {
        for (int i = 0; i < ROUNDS; i++) {
            collectGarbage();
            // Netty reports leaks when the next buffer is allocated.
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(16);
            probe.release();
        }
        List<String> all = List.copyOf(FOUND);
        return all.subList(before, all.size());
    }

    /** Runs a garbage collection and waits until it has collected an unreachable object. */
    private static void collectGarbage() {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        PhantomReference<Object> dropped = new PhantomReference<>(new Object(), collected);
        System.gc();
        try {
            if (collected.remove(COLLECTION_MILLIS) == null) {
                throw new IllegalStateException("System.gc() collects nothing: leaks cannot be found"
                        + " (expected: a JVM without -XX:+DisableExplicitGC)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while garbage was collected", e);
        } finally {
            Reference.reachabilityFence(dropped);
        }
    }
}
