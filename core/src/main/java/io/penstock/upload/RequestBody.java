package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.annotation.Internal;
import java.nio.ByteBuffer;

/**
 * The body of an assembled call, as the transport sends it: the same bytes with every attempt, or none at all.
 *
 * @hidden
 */
@Internal
public sealed interface RequestBody permits RequestBody.Bytes, UploadBody {

    /** Returns the length in bytes, or {@link io.penstock.http.Progress#UNKNOWN}. */
    long length();

    /** Returns whether the body can be sent more than once. */
    boolean isReplayable();

    /**
     * Returns whether the body can be sent now: a body that cannot be replayed is used up once it has begun to be read.
     */
    boolean isAvailable();

    /** Creates a body of these bytes; the array must not change afterwards. */
    static Bytes of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /**
     * A body that is held in memory.
     *
     * @hidden
     */
    final class Bytes implements RequestBody {
        private final byte[] bytes;

        private Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns a new read-only view. */
        public ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        /** Appends the bytes to a buffer. */
        public void writeTo(ByteBuf buffer) {
            buffer.writeBytes(bytes);
        }

        /**
         * Returns a new buffer over the same bytes, for the wire. The caller owns the buffer and must not change the
         * bytes.
         */
        public ByteBuf toByteBuf() {
            return Unpooled.wrappedBuffer(bytes);
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public boolean isReplayable() {
            return true;
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
