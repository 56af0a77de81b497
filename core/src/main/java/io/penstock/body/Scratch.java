package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A heap buffer for each thread that decodes. Bodies arrive in direct buffers, which a parser can read only by way of a
 * stream with a buffer of its own; copying a small one in one go costs less than that, and nothing that is allocated.
 *
 * <p>It is taken for the time of one decoding, so that a deserializer which decodes something itself finds none and gets
 * another.
 */
final class Scratch {

    /** What one thread keeps at most; a longer body is read as a stream. */
    private static final int LARGEST = 32 * 1024;

    private static final int SMALLEST = 2 * 1024;

    private static final FastThreadLocal<ByteBuf> SPARE = new FastThreadLocal<>();

    private Scratch() {}

    static boolean fits(ByteBuf body) {
        return body.readableBytes() <= LARGEST;
    }

    /** The readable bytes of a body that fits, which stay where they are. */
    static ByteBuf copyOf(ByteBuf body) {
        int size = body.readableBytes();
        ByteBuf spare = SPARE.get();
        SPARE.set(null);
        ByteBuf copy = spare != null && spare.capacity() >= size
                ? spare
                : Unpooled.wrappedBuffer(
                        new byte[Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size - 1)) << 1)]);
        body.getBytes(body.readerIndex(), copy.clear(), size);
        return copy;
    }

    /** Gives a copy back, whose bytes nobody reads any more. */
    static void giveBack(ByteBuf copy) {
        SPARE.set(copy);
    }
}
