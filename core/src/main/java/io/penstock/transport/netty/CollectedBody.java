package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.PrematureChannelClosureException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The decoded bytes of a body up to a limit. A body of one part is that part. Further parts are copied into one growing
 * buffer, so that what is held does not depend on how the body was framed: while the buffer grows, at most twice the
 * limit.
 *
 * <p>Accessed on the event loop. The collector owns the buffer until {@link #take}.
 */
final class CollectedBody {

    private static final int SMALLEST = 512;

    /** The most that one decoding step makes room for. */
    private static final int STEP = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final int limit;
    private @Nullable BodyCoding coding;
    private @Nullable ByteBuf collected;
    private boolean owned;
    private boolean full;

    CollectedBody(ByteBufAllocator allocator, int limit, @Nullable BodyCoding coding) {
        this.allocator = allocator;
        this.limit = limit;
        this.coding = coding;
    }

    /** Returns how many bytes have been collected. */
    int size() {
        ByteBuf known = collected;
        return known == null ? 0 : known.readableBytes();
    }

    /** Returns whether the body has more bytes than the limit. The rest is dropped. */
    boolean isFull() {
        return full;
    }

    /** Adds a part, which remains the caller's. Throws if it is not in the coding of the body. */
    void add(ByteBuf part) {
        if (full || !part.isReadable()) {
            return;
        }
        BodyCoding decoding = coding;
        if (decoding != null) {
            decode(decoding, part.nioBuffer());
            return;
        }
        int fitting = Math.min(part.readableBytes(), limit - size());
        full = fitting < part.readableBytes();
        if (collected == null) {
            collected = part.retainedSlice(part.readerIndex(), fitting);
        } else {
            room(fitting).writeBytes(part, part.readerIndex(), fitting);
        }
    }

    private void decode(BodyCoding decoding, ByteBuffer in) {
        boolean more = true;
        while (more && !full) {
            int expected = Math.min(STEP, Math.max(in.remaining() * 3, SMALLEST)); // most JSON shrinks to a third
            // One byte more than the limit shows whether the body ends there.
            int space = (int) Math.min(expected, (long) limit - size() + 1);
            ByteBuf into = room(space);
            ByteBuffer out = into.internalNioBuffer(into.writerIndex(), space);
            int before = out.position();
            decoding.decode(in, out);
            into.writerIndex(into.writerIndex() + out.position() - before);
            more = in.hasRemaining() || !out.hasRemaining();
            if (into.readableBytes() > limit) {
                into.writerIndex(into.readerIndex() + limit);
                full = true;
            }
        }
    }

    /** Returns the growing buffer with room for that many bytes. */
    private ByteBuf room(int bytes) {
        ByteBuf known = collected;
        long needed = (long) size() + bytes;
        if (known == null || !owned) {
            ByteBuf grown = allocator.heapBuffer((int) Math.max(SMALLEST, needed));
            if (known != null) {
                grown.writeBytes(known);
                known.release();
            }
            collected = grown;
            owned = true;
            return grown;
        }
        if (known.writableBytes() < bytes) {
            known.capacity((int) Math.max(needed, Math.min(known.capacity() * 2L, limit + 1L)));
        }
        return known;
    }

    /** Checks that the body may end here. */
    void end() throws PrematureChannelClosureException {
        BodyCoding decoding = coding;
        if (decoding != null) {
            decoding.end();
        }
    }

    /** Returns the collected bytes, which are the caller's from now on. */
    ByteBuf take() {
        ByteBuf taken = collected;
        collected = null;
        close();
        return taken == null ? Unpooled.EMPTY_BUFFER : taken;
    }

    /** Releases everything. */
    void release() {
        take().release();
    }

    private void close() {
        BodyCoding open = coding;
        coding = null;
        if (open != null) {
            open.close();
        }
    }
}
