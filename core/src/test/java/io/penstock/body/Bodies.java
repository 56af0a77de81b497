package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The same bytes in every kind of buffer that a transport may lend. */
public enum Bodies {
    HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return Unpooled.copiedBuffer(bytes);
        }
    },
    /** An array that begins before the body and ends after it. */
    HEAP_SLICE {
        @Override
        public ByteBuf of(byte[] bytes) {
            ByteBuf wider = UnpooledByteBufAllocator.DEFAULT.heapBuffer(bytes.length + 14);
            wider.writeBytes(new byte[7]).writeBytes(bytes).writeBytes(new byte[7]);
            return wider.readerIndex(7).writerIndex(7 + bytes.length);
        }
    },
    DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return UnpooledByteBufAllocator.DEFAULT
                    .directBuffer(bytes.length + 1)
                    .writeBytes(bytes);
        }
    },
    /** Parts of five bytes, heap and direct in turn, so that every token is cut somewhere. */
    COMPOSITE {
        @Override
        public ByteBuf of(byte[] bytes) {
            CompositeByteBuf parts = UnpooledByteBufAllocator.DEFAULT.compositeBuffer(Integer.MAX_VALUE);
            for (int i = 0; i < bytes.length; i += 5) {
                byte[] part = new byte[Math.min(5, bytes.length - i)];
                System.arraycopy(bytes, i, part, 0, part.length);
                parts.addComponent(true, (i / 5 % 2 == 0 ? HEAP : DIRECT).of(part));
            }
            return parts;
        }
    };

    public abstract ByteBuf of(byte[] bytes);

    public ByteBuf of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
