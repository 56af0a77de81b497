package io.penstock.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * The response decoder of a connection. It decodes only while an answer is awaited, and tells what is left undecoded
 * behind one: bytes that arrive at any other time cannot be an answer, whatever they look like.
 */
final class Http1Decoder extends HttpResponseDecoder {

    private final Http1Connection connection;

    Http1Decoder(Http1Connection connection, int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setAllowDuplicateContentLengths(true)); // RFC 9112 §6.3: equal lengths are one, others an error
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (connection.isAwaiting()) {
            super.channelRead(ctx, msg);
            return;
        }
        ReferenceCountUtil.release(msg);
        connection.unrequested();
    }

    /** Returns how many bytes have arrived and are not part of anything decoded so far. */
    int leftover() {
        return actualReadableBytes();
    }

    /** Returns whether the end of a response can be told from the loss of its connection (RFC 9112 §6.3). */
    boolean isFramed(HttpResponse response) {
        HttpHeaders headers = response.headers();
        return isContentAlwaysEmpty(response)
                || headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                || headers.containsValue(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED, true);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        return connection.isHead() || super.isContentAlwaysEmpty(msg);
    }
}
