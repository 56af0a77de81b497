package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.annotation.Internal;
import java.nio.ByteBuffer;

/** The body of an assembled call, as the transport sends it: the same bytes with every attempt, or none at all. */
@Internal
public sealed interface RequestBody permits RequestBody.Bytes, UploadBody {

    /** Its length in bytes, or {@link io.penstock.http.Progress#UNKNOWN}. */
    long length();

    /** Whether it can be sent more than once. */
    boolean isReplayable();

    /** Whether it can be sent now: a body that cannot be replayed is gone once somebody has begun to read it. */
    boolean isAvailable();

    /** A body of these bytes; the array must not change afterwards. */
    static Bytes of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /** A body that is held in memory. */
    final class Bytes implements RequestBody {
        private final byte[] bytes;

        private Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        /** A new read-only view. */
        public ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        /** A new buffer over the same bytes, for the wire: whoever gets it owns it and leaves the bytes as they are. */
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
