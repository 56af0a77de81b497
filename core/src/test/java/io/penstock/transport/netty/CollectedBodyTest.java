package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectedBodyTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    private long used() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        return compressed.toByteArray();
    }

    private static BodyCoding gzipCoding() {
        return BodyCoding.of(
                new DefaultHttpHeaders().set("content-encoding", "gzip").set("content-length", 1), false);
    }

    private static byte[] taken(CollectedBody body) {
        ByteBuf bytes = body.take();
        try {
            return ByteBufUtil.getBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    @Test
    void holdsAtMostTwiceTheLimitHoweverBodyIsFramed() {
        int limit = 1 << 20;
        for (int size : new int[] {1, 7, 100, 1_000, 60_000}) {
            CollectedBody body = new CollectedBody(allocator, limit, null);
            byte[] bytes = random(size);
            long most = 0;
            while (!body.isFull()) {
                body.add(Unpooled.wrappedBuffer(bytes));
                most = Math.max(most, used());
            }
            assertThat(most).as("parts of %d bytes", size).isLessThanOrEqualTo(2L * limit);
            assertThat(taken(body)).hasSize(limit);
            assertThat(used()).isZero();
        }
    }

    @Test
    void joinsPartsInOrder() {
        byte[] whole = random(300_000);
        for (int size : new int[] {1, 3, 511, 65_536, 300_000}) {
            CollectedBody body = new CollectedBody(allocator, 300_000, null);
            for (int at = 0; at < whole.length; at += size) {
                body.add(Unpooled.wrappedBuffer(whole, at, Math.min(size, whole.length - at)));
            }
            assertThat(body.isFull()).isFalse();
            assertThat(taken(body)).isEqualTo(whole);
        }
    }

    @Test
    void keepsOnlyPartWithoutCopying() {
        ByteBuf part = Unpooled.wrappedBuffer(random(1_000));
        CollectedBody body = new CollectedBody(allocator, 1_000, null);
        body.add(part);
        assertThat(used()).isZero();
        body.release();
        assertThat(part.refCnt()).isOne();
        part.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 100_000})
    void decodesUpToTheLimitAndNotifiesOfMore(int size) throws Exception {
        byte[] plain = random(size);
        byte[] stored = gzip(plain);
        for (int step : new int[] {1, 50, stored.length}) {
            for (int limit : new int[] {size, size + 1, Math.max(0, size - 1)}) {
                CollectedBody body = new CollectedBody(allocator, limit, gzipCoding());
                for (int at = 0; at < stored.length && !body.isFull(); at += step) {
                    body.add(Unpooled.wrappedBuffer(stored, at, Math.min(step, stored.length - at)));
                }
                assertThat(body.isFull()).as("%d bytes, limit %d", size, limit).isEqualTo(limit < size);
                if (!body.isFull()) {
                    body.end();
                }
                assertThat(taken(body)).isEqualTo(Arrays.copyOf(plain, Math.min(size, limit)));
                assertThat(used()).isZero();
            }
        }
    }

    @Test
    void holdsAtMostTwiceTheLimitOfExpandingBody() throws IOException {
        int limit = 1 << 20;
        byte[] bomb = gzip(new byte[100 << 20]);
        CollectedBody body = new CollectedBody(allocator, limit, gzipCoding());
        long most = 0;
        for (int at = 0; at < bomb.length && !body.isFull(); at += 1_000) {
            body.add(Unpooled.wrappedBuffer(bomb, at, Math.min(1_000, bomb.length - at)));
            most = Math.max(most, used());
        }
        assertThat(body.isFull()).isTrue();
        assertThat(most).isLessThanOrEqualTo(2L * limit + 1);
        body.release();
        assertThat(used()).isZero();
    }

    @Test
    void refusesEndOfTruncatedBody() throws IOException {
        byte[] stored = gzip(random(1_000));
        CollectedBody body = new CollectedBody(allocator, 10_000, gzipCoding());
        body.add(Unpooled.wrappedBuffer(stored, 0, stored.length - 1));
        assertThatThrownBy(body::end).isInstanceOf(DecompressionException.class).hasMessageContaining("ends too early");
        body.release();
        assertThat(used()).isZero();
    }
}
