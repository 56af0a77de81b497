package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Counts the pooled buffers that were collected without having been released. It needs
 * {@code -Dio.netty.leakDetection.level=paranoid} to see them all.
 */
public final class BufferLeaks {

    private static final int ROUNDS = 5;

    private final List<String> found = new CopyOnWriteArrayList<>();

    private BufferLeaks() {}

    /** Starts to watch, in place of an earlier watch of this JVM. */
    public static BufferLeaks watch() {
        BufferLeaks leaks = new BufferLeaks();
        ByteBufUtil.setLeakListener((type, records) -> leaks.found.add(type + " " + records));
        return leaks;
    }

    /**
     * The leaks since the watch began, with where the buffers were last seen. It collects garbage first, so that what was
     * dropped is noticed: call it from a test's own thread.
     */
    public List<String> found() {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            // A leak is reported when the next buffer is allocated.
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(16);
            probe.release();
        }
        return List.copyOf(found);
    }
}
