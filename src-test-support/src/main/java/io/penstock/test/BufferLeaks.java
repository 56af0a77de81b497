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
 * Counts the pooled buffers that were collected without having been released. It needs
 * {@code -Dio.netty.leakDetection.level=paranoid} to see them all, and a log that is on for errors: Netty does not look for
 * leaks otherwise.
 */
public final class BufferLeaks {

    /** Of the whole JVM, which has one listener: a watch sees what came after it began. */
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    /** What one collection has found is known for certain when something of the next has been seen. */
    private static final int ROUNDS = 2;

    private static final long COLLECTION_MILLIS = 30_000;

    private final int before;

    private BufferLeaks(int before) {
        this.before = before;
    }

    /**
     * Starts to watch. Other watches of this JVM go on.
     *
     * @throws IllegalStateException if leaks could not be found
     */
    public static BufferLeaks watch() {
        if (!LoggerFactory.getLogger(ResourceLeakDetector.class).isErrorEnabled()) {
            throw new IllegalStateException("log level of " + ResourceLeakDetector.class.getName()
                    + ": OFF (expected: ERROR or lower, because Netty looks for no leaks when it may not report them)");
        }
        ByteBufUtil.setLeakListener((type, records) -> FOUND.add(type + " " + records));
        return new BufferLeaks(FOUND.size());
    }

    /**
     * The leaks since the watch began, with where the buffers were last seen. It collects garbage first, so that what was
     * dropped is noticed: call it from a test's own thread.
     */
    public List<String> found() {
        for (int i = 0; i < ROUNDS; i++) {
            collectGarbage();
            // A leak is reported when the next buffer is allocated.
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(16);
            probe.release();
        }
        List<String> all = List.copyOf(FOUND);
        return all.subList(before, all.size());
    }

    /** Returns once something that was dropped has been collected. */
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
