package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A handler that decodes bodies in the coding gzip or deflate, and reports one that was truncated inside intact framing
 * as an error. Netty's own decoders (4.2) let it end as if it were complete, with the part decoded so far, which is
 * often empty.
 *
 * <p>The head of a decoded body loses its {@code Content-Encoding} and its {@code Content-Length}, which describe the
 * stored bytes. A body in another coding, or in several, passes unchanged, and its head still names them for the
 * reader. So does the success of a request that {@linkplain #passStored wants the stored bytes}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close
final class WholeDecompressor extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<Boolean> STORED = AttributeKey.valueOf(WholeDecompressor.class, "stored");

    /** The largest piece of output, however well it was compressed. */
    private static final int PIECE = 64 * 1024;

    private static final int MIN_PIECE = 512;

    private @Nullable BodyCoding coding;
    private boolean broken;
    /** Whether the last read yielded nothing to pass on, so that nothing downstream will request the next read. */
    private boolean swallowed;

    /** Passes the body of the next response through as it is stored, if that is a success. */
    static void passStored(Channel channel) {
        channel.attr(STORED).set(Boolean.TRUE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        if (msg instanceof HttpResponse head) {
            begin(context.channel(), head);
        }
        if (!(msg instanceof HttpContent content)
                || (coding == null && !broken)
                || content.decoderResult().isFailure()) {
            hand(context, msg);
            return;
        }
        swallowed = true;
        try {
            if (!broken) {
                decode(context, content);
            }
        } finally {
            ReferenceCountUtil.release(content);
        }
    }

    private void begin(Channel channel, HttpResponse head) {
        close();
        broken = false;
        boolean stored = channel.hasAttr(STORED)
                && channel.attr(STORED).getAndSet(null) != null
                && head.status().codeClass() == HttpStatusClass.SUCCESS;
        coding = BodyCoding.of(head.headers(), stored);
    }

    private void decode(ChannelHandlerContext context, HttpContent content) {
        BodyCoding open = coding;
        if (open == null) {
            return;
        }
        try {
            for (ByteBuffer in : content.content().nioBuffers()) {
                decode(context, open, in);
            }
            if (!(content instanceof LastHttpContent)) {
                return;
            }
            open.end();
        } catch (DecompressionException | PrematureChannelClosureException e) {
            fail(context, e);
            return;
        }
        close();
        HttpHeaders trailers = ((LastHttpContent) content).trailingHeaders();
        hand(
                context,
                trailers.isEmpty()
                        ? LastHttpContent.EMPTY_LAST_CONTENT
                        : new DefaultLastHttpContent(context.alloc().buffer(0), trailers));
    }

    private void decode(ChannelHandlerContext context, BodyCoding open, ByteBuffer in) {
        boolean more = in.hasRemaining();
        while (more) {
            int expected = Math.max(in.remaining() * 3, MIN_PIECE); // most JSON is compressed to less than a third
            ByteBuf piece = context.alloc().buffer(Math.min(expected, PIECE));
            try {
                ByteBuffer out = piece.internalNioBuffer(0, piece.capacity());
                int before = out.position();
                open.decode(in, out);
                piece.writerIndex(out.position() - before);
                more = in.hasRemaining() || !out.hasRemaining();
                if (piece.isReadable()) {
                    ByteBuf whole = piece;
                    piece = Unpooled.EMPTY_BUFFER;
                    hand(context, new DefaultHttpContent(whole));
                }
            } finally {
                piece.release();
            }
        }
    }

    private void hand(ChannelHandlerContext context, Object msg) {
        swallowed = false;
        context.fireChannelRead(msg);
    }

    /**
     * Fails the body and closes the connection. The end of the response is lost, so nothing else would release the
     * connection.
     */
    private void fail(ChannelHandlerContext context, Exception why) {
        broken = true;
        close();
        context.fireExceptionCaught(why);
        context.channel().eventLoop().execute(context::close);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        boolean ask = swallowed && !context.channel().config().isAutoRead();
        swallowed = false;
        context.fireChannelReadComplete();
        if (ask) {
            context.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        close();
    }

    private void close() {
        BodyCoding open = coding;
        coding = null;
        if (open != null) {
            open.close();
        }
    }
}
