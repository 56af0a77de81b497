package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class WholeDecompressorTest {

    /** Counts the exceptions that reach the end of the decoder's pipeline, where all but the first would be logged. */
    private static final class Counted extends WholeDecompressor {
        private int exceptions;

        @Override
        protected EmbeddedChannel newContentDecoder(String contentEncoding) throws Exception {
            EmbeddedChannel decoder = super.newContentDecoder(contentEncoding);
            decoder.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    exceptions++;
                    context.fireExceptionCaught(cause);
                }
            });
            return decoder;
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

    /** What comes out of a body whose framing is whole; null if it is an error. */
    private static byte[] decompressed(byte[] body) {
        Counted decompressor = new Counted();
        EmbeddedChannel channel = new EmbeddedChannel(decompressor);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set("content-encoding", "gzip");
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
            assertThat(decompressor.exceptions).as("exceptions of a whole body").isZero();
            return out.toByteArray();
        } catch (DecompressionException e) {
            assertThat(decompressor.exceptions)
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
    void aGzipBodyCutAtAnyByteIsAnErrorAndAWholeOneIsNot() throws IOException {
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
    void severalMembersAreOneBody() throws IOException {
        byte[] one = gzip(new byte[] {1, 2}, 6);
        byte[] both = Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, both, one.length, one.length);
        assertThat(decompressed(both)).containsExactly(1, 2, 1, 2);
        assertThat(decompressed(Arrays.copyOf(both, one.length + 5))).isNull();
        assertThat(decompressed(new byte[0])).isEmpty();
    }
}
