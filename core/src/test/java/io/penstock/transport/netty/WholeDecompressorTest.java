package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class WholeDecompressorTest {

    /** Counts the exceptions of a body, of which all but the first would be logged. */
    private static final class Counted extends ChannelInboundHandlerAdapter {
        private int exceptions;

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            exceptions++;
            context.fireExceptionCaught(cause);
        }
    }

    private static byte[] gzip(byte[] plain, int level) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(level);
            }
        }) {
            gzip.write(plain);
        }
        return compressed.toByteArray();
    }

    /** Returns the decoded body of a message whose framing is complete, or null for an error. */
    private static byte[] decompressed(byte[] body) {
        Counted counted = new Counted();
        EmbeddedChannel channel = new EmbeddedChannel(new WholeDecompressor(), counted);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set("content-encoding", "gzip").set("content-length", body.length);
            channel.writeInbound(head, new DefaultLastHttpContent(Unpooled.wrappedBuffer(body)));
            for (Object msg = channel.readInbound(); msg != null; msg = channel.readInbound()) {
                if (msg instanceof HttpContent content) {
                    ByteBuf bytes = content.content();
                    byte[] copy = new byte[bytes.readableBytes()];
                    bytes.readBytes(copy);
                    out.writeBytes(copy);
                }
                ReferenceCountUtil.release(msg);
            }
            assertThat(counted.exceptions).as("exceptions of a whole body").isZero();
            return out.toByteArray();
        } catch (DecompressionException e) {
            assertThat(counted.exceptions)
                    .as("exceptions of a broken body: the second would be logged")
                    .isEqualTo(1);
            return null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static byte[] mixed(Random random) {
        byte[] plain = new byte[1000];
        random.nextBytes(plain);
        Arrays.fill(plain, 200, 600, (byte) 'x');
        for (int i = 600; i < 900; i++) {
            plain[i] = (byte) ("{\"id\":" + i + "}").charAt(i % 9 % 8);
        }
        return plain;
    }

    @Test
    void refusesGzipBodyCutAtAnyByte() throws IOException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        byte[] plain = mixed(new Random(seed));
        for (int level : new int[] {Deflater.NO_COMPRESSION, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION}) {
            byte[] whole = gzip(plain, level);
            assertThat(decompressed(whole)).as("seed %d, level %d", seed, level).isEqualTo(plain);
            for (int cut = 1; cut < whole.length; cut++) {
                assertThat(decompressed(Arrays.copyOf(whole, cut)))
                        .as("seed %d, level %d, %d of %d bytes", seed, level, cut, whole.length)
                        .isNull();
            }
        }
    }

    @Test
    void decodesSeveralMembersAsOneBody() throws IOException {
        byte[] one = gzip(new byte[] {1, 2}, 6);
        byte[] both = Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, both, one.length, one.length);
        assertThat(decompressed(both)).containsExactly(1, 2, 1, 2);
        assertThat(decompressed(Arrays.copyOf(both, one.length + 5))).isNull();
        assertThat(decompressed(new byte[0])).isEmpty();
    }

    private static byte[] deflate(byte[] plain, boolean bare) {
        Deflater deflater = new Deflater(6, bare);
        deflater.setInput(plain);
        deflater.finish();
        byte[] out = new byte[plain.length * 2 + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /** Returns the decoded body of a message that arrives in parts of a size, or null for an error. */
    private static byte[] decoded(EmbeddedChannel channel, HttpHeaders headers, byte[] body, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers);
        try {
            channel.writeInbound(head);
            for (int at = 0; at < body.length; at += size) {
                channel.writeInbound(
                        new DefaultHttpContent(Unpooled.wrappedBuffer(body, at, Math.min(size, body.length - at))));
            }
            channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        } catch (DecompressionException e) {
            return null;
        } finally {
            boolean ended = false;
            for (Object msg = channel.readInbound(); msg != null; msg = channel.readInbound()) {
                if (msg instanceof HttpContent content) {
                    out.writeBytes(ByteBufUtil.getBytes(content.content()));
                }
                ended |= msg instanceof LastHttpContent;
                ReferenceCountUtil.release(msg);
            }
            channel.finishAndReleaseAll();
            out.writeBytes(ended ? new byte[0] : "no end".getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }

    private static byte[] decoded(String coding, byte[] body, int size) {
        return decoded(
                new EmbeddedChannel(new WholeDecompressor()),
                new DefaultHttpHeaders().set("content-encoding", coding).set("content-length", body.length),
                body,
                size);
    }

    @Test
    void refusesDeflateBodyCutAtAnyByte() {
        byte[] plain = mixed(new Random(7));
        for (boolean bare : new boolean[] {false, true}) {
            byte[] whole = deflate(plain, bare);
            assertThat(decoded("deflate", whole, whole.length)).isEqualTo(plain);
            for (int cut = 1; cut < whole.length; cut++) {
                assertThat(decoded("deflate", Arrays.copyOf(whole, cut), 100))
                        .as("bare %s, %d of %d bytes", bare, cut, whole.length)
                        .isNull();
            }
            byte[] more = Arrays.copyOf(whole, whole.length + 1);
            assertThat(decoded("deflate", more, 1)).as("bytes behind the end").isNull();
        }
    }

    @Test
    void decodesTheSameHoweverBodyIsSplit() throws IOException {
        byte[] plain = mixed(new Random(8));
        Map<String, byte[]> bodies =
                Map.of("gzip", gzip(plain, 6), "DEFLATE", deflate(plain, false), "x-deflate", deflate(plain, true));
        bodies.forEach((coding, body) -> {
            for (int size : new int[] {1, 2, 3, 7, 500, 5000}) {
                assertThat(decoded(coding, body, size))
                        .as("%s in parts of %d", coding, size)
                        .isEqualTo(plain);
            }
        });
        byte[] expanding = gzip(new byte[10_000_000], 9);
        assertThat(decoded("gzip", expanding, 4096)).isEqualTo(new byte[10_000_000]);
    }

    /** The optional fields of a header, as in RFC 1952 §2.3. */
    @Test
    void readsEveryFieldOfGzipHeader() throws IOException {
        byte[] plain = mixed(new Random(9));
        byte[] usual = gzip(plain, 6);
        for (int flags = 0; flags < 32; flags++) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] fixed = Arrays.copyOf(usual, 10);
            fixed[3] = (byte) flags;
            body.writeBytes(fixed);
            if ((flags & 4) != 0) {
                body.writeBytes(new byte[] {3, 0, 'a', 0, 'b'});
            }
            if ((flags & 8) != 0) {
                body.writeBytes(new byte[] {'n', 0});
            }
            if ((flags & 16) != 0) {
                body.writeBytes(new byte[] {0});
            }
            if ((flags & 2) != 0) {
                CRC32 checksum = new CRC32();
                checksum.update(body.toByteArray());
                body.write((int) checksum.getValue());
                body.write((int) checksum.getValue() >> 8);
            }
            body.write(usual, 10, usual.length - 10);
            for (int size : new int[] {1, 4, 10_000}) {
                assertThat(decoded("gzip", body.toByteArray(), size))
                        .as("flags %d", flags)
                        .isEqualTo(plain);
            }
        }
        byte[] reserved = usual.clone();
        reserved[3] = 32;
        assertThat(decoded("gzip", reserved, 100)).isNull();
    }

    @Test
    void refusesGzipBodyWithAnotherChecksumOrLength() throws IOException {
        byte[] usual = gzip(mixed(new Random(10)), 6);
        for (int back = 1; back <= 8; back++) {
            byte[] wrong = usual.clone();
            wrong[wrong.length - back]++;
            assertThat(decoded("gzip", wrong, 100)).isNull();
        }
    }

    @Test
    void passesOtherCodingsThrough() throws IOException {
        byte[] body = gzip(gzip(new byte[100], 6), 6);
        for (List<String> codings : List.of(
                List.of("br"), List.of("gzip, gzip"), List.of("gzip", "gzip"), List.of("snappy"), List.of("zstd"))) {
            HttpHeaders headers =
                    new DefaultHttpHeaders().set("content-encoding", codings).set("content-length", body.length);
            assertThat(decoded(new EmbeddedChannel(new WholeDecompressor()), headers, body, 50))
                    .as("%s", codings)
                    .isEqualTo(body);
            assertThat(headers.getAll("content-encoding")).isEqualTo(codings);
            assertThat(headers.contains("content-length")).isTrue();
        }
    }

    @Test
    void decodesOneCodingBesideIdentityAndTransferCoding() throws IOException {
        byte[] plain = mixed(new Random(11));
        byte[] body = gzip(plain, 6);
        assertThat(decoded("identity, GZip ", body, 50)).isEqualTo(plain);
        HttpHeaders transfer = new DefaultHttpHeaders().set("transfer-encoding", "gzip, chunked");
        assertThat(decoded(new EmbeddedChannel(new WholeDecompressor()), transfer, body, 50))
                .isEqualTo(plain);
    }

    @Test
    void passesStoredBytesOfSuccessWhenRequested() throws IOException {
        byte[] body = gzip(new byte[100], 6);
        EmbeddedChannel channel = new EmbeddedChannel(new WholeDecompressor());
        WholeDecompressor.passStored(channel);
        HttpHeaders headers =
                new DefaultHttpHeaders().set("content-encoding", "gzip").set("content-length", body.length);
        assertThat(decoded(channel, headers, body, 50)).isEqualTo(body);
        assertThat(headers.get("content-encoding")).isEqualTo("gzip");

        EmbeddedChannel refused = new EmbeddedChannel(new WholeDecompressor());
        WholeDecompressor.passStored(refused);
        HttpResponse error = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.NOT_FOUND,
                new DefaultHttpHeaders().set("content-encoding", "gzip"));
        refused.writeInbound(error);
        assertThat(error.headers().contains("content-encoding"))
                .as("an error is read")
                .isFalse();
        refused.finishAndReleaseAll();
    }

    @Test
    void reportsLostConnectionForCutBodyWithoutLength() throws IOException {
        byte[] body = gzip(mixed(new Random(12)), 6);
        EmbeddedChannel channel = new EmbeddedChannel(new WholeDecompressor());
        HttpHeaders headers = new DefaultHttpHeaders().set("content-encoding", "gzip");
        assertThatThrownBy(() -> decoded(channel, headers, Arrays.copyOf(body, 50), 50))
                .isInstanceOf(PrematureChannelClosureException.class);
    }
}
