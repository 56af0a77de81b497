package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Decompresses, and takes a gzip body that was cut inside intact framing for an error. Netty's own (4.2) lets it end as if it
 * were whole: with what was decompressed so far, often with nothing.
 *
 * <p>The decoder does not tell whether it stands between two members of a gzip file (RFC 1952 §2.2), which is where a body
 * may end. So at the end it is fed members without content: in between they leave no trace; inside a member they are taken
 * for its data or its checksum, which ends in an error or in output.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close has nobody left to tell
class WholeDecompressor extends HttpContentDecompressor {

    /** More than the longest thing inside a member that is neither output nor an error, a dynamic header: about 560 bytes. */
    private static final int MEMBERS = 64;

    private static final byte[] EMPTY_MEMBER = {
        0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private boolean fed;
    private boolean ending;

    WholeDecompressor() {
        super(false, 0);
    }

    @Override
    protected void decode(ChannelHandlerContext context, HttpObject msg, List<Object> out) throws Exception {
        if (msg instanceof HttpContent content && content.content().isReadable()) {
            fed = true;
        }
        ending = msg instanceof LastHttpContent;
        try {
            super.decode(context, msg, out);
        } catch (DecompressionException e) {
            if (ending) {
                // The end of the answer is lost with it: nobody else would give the connection up.
                context.channel().eventLoop().execute(context::close);
            }
            throw e;
        } finally {
            if (ending) {
                ending = false;
                fed = false;
            }
        }
    }

    @Override
    protected EmbeddedChannel newContentDecoder(String contentEncoding) throws Exception {
        EmbeddedChannel decoder = super.newContentDecoder(contentEncoding);
        if (decoder != null
                && (HttpHeaderValues.GZIP.contentEqualsIgnoreCase(contentEncoding)
                        || HttpHeaderValues.X_GZIP.contentEqualsIgnoreCase(contentEncoding))) {
            Probe probe = new Probe();
            decoder.pipeline().addFirst(probe).addLast(new Trace(probe));
        }
        return decoder;
    }

    /** A decoder that is put away with its connection ends without its end, and that is no news: the connection tells. */
    private final class Probe extends ChannelInboundHandlerAdapter {
        boolean probing;

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (ending && fed) {
                probing = true;
                ByteBuf members = Unpooled.buffer(MEMBERS * EMPTY_MEMBER.length);
                for (int i = 0; i < MEMBERS; i++) {
                    members.writeBytes(EMPTY_MEMBER);
                }
                context.fireChannelRead(members);
            }
            context.fireChannelInactive();
        }
    }

    private static final class Trace extends ChannelInboundHandlerAdapter {
        private final Probe probe;
        private boolean failed;

        Trace(Probe probe) {
            this.probe = probe;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object msg) {
            if (!probe.probing) {
                context.fireChannelRead(msg);
                return;
            }
            boolean output = msg instanceof ByteBuf bytes && bytes.isReadable();
            ReferenceCountUtil.release(msg);
            if (output) {
                exceptionCaught(context, new DecompressionException("compressed body ends too early"));
            }
        }

        /**
         * Passes on one error of the probe. A body that was cut breaks the decoder again with every member and at its end; an
         * embedded channel keeps the first exception and writes all others to the log.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!probe.probing) {
                context.fireExceptionCaught(cause);
            } else if (!failed) {
                failed = true;
                context.fireExceptionCaught(cause);
            }
        }
    }
}
