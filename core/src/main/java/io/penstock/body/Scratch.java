package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A heap buffer for each thread that decodes. Bodies arrive in direct buffers, which a parser can read only through a
 * stream with a buffer of its own. Copying a small body in one go is cheaper and allocates nothing.
 *
 * <p>The buffer is taken for the duration of one decoding. A deserializer that decodes something itself finds none and
 * gets another.
 */
final class Scratch {

    /** The most that a thread keeps; a longer body is read as a stream. */
    private static final int LARGEST = 32 * 1024;

    private static final int SMALLEST = 2 * 1024;

    private static final FastThreadLocal<ByteBuf> SPARE = new FastThreadLocal<>();

    private Scratch() {}

    static boolean fits(ByteBuf body) {
        return body.readableBytes() <= LARGEST;
    }

    /** Returns a copy of the readable bytes of a body that fits; the body's reader index does not move. */
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

    /** Gives back a copy that is no longer read. */
    static void giveBack(ByteBuf copy) {
        SPARE.set(copy);
    }
}
