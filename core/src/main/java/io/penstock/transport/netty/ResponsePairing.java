package io.penstock.transport.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * A handler right behind the codec that ensures that a request gets its own response. Reactor Netty (1.3.6) takes the
 * first response that is not a 100 for the response to the request:
 *
 * <ul>
 *   <li>a 102 or 103 would end the call, and the response after it would be taken for that of the next request on the
 *       connection. Informational responses are dropped here (RFC 9110 §15.2 allows a client to);
 *   <li>an unsolicited response would be taken for that of the next request, whatever it is. Here it closes the
 *       connection (RFC 9112 §9.2);
 *   <li>a 101 was never requested, and what follows it is not HTTP any more: the connection is closed;
 *   <li>a body that ends with the connection has not ended if TLS has not (RFC 9112 §9.8). The codec would end it.
 * </ul>
 *
 * It also adds a credential that belongs into the query to the target of the request. Reactor Netty itself must not know it,
 * because its log shows targets.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the writer has the promise, and nothing waits for a close
final class ResponsePairing extends ChannelDuplexHandler {

    static final String NAME = "penstock.pairing";

    /** The requests on this connection whose response has not ended: 0 or 1, as nothing is pipelined. */
    private int awaited;
    /**
     * The requests among them that were written before the current bytes were read. The end of one response may hand
     * the connection to the next request at once, while the bytes behind that response are still being decoded: they
     * cannot be its response.
     */
    private int answerable;

    private boolean reading;
    private boolean dropping;
    private boolean endsWithConnection;
    private boolean truncated;

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof HttpRequest request) {
            awaited++;
            addCredential(ctx, request);
        }
        ctx.write(msg, promise);
    }

    private static void addCredential(ChannelHandlerContext ctx, HttpRequest request) {
        WireMono.WireSubscriber sender = WireMono.WireSubscriber.on(ctx.channel());
        String query = sender == null ? null : sender.credentialQuery();
        if (query != null) {
            String target = request.uri();
            request.setUri(target + (target.indexOf('?') < 0 ? '?' : '&') + query);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!reading) {
            reading = true;
            answerable = awaited;
        }
        if (msg instanceof HttpResponse response && isNoAnswer(ctx, response)) {
            dropping = true;
        }
        if (msg instanceof HttpResponse response) {
            endsWithConnection =
                    !HttpUtil.isContentLengthSet(response) && !HttpUtil.isTransferEncodingChunked(response);
        }
        boolean last = msg instanceof LastHttpContent;
        if (last && truncated && endsWithConnection) {
            ReferenceCountUtil.release(msg);
            return;
        }
        if (!dropping) {
            if (last) {
                awaited--;
                answerable--;
            }
            ctx.fireChannelRead(msg);
            return;
        }
        ReferenceCountUtil.release(msg);
        if (last) {
            dropping = false;
            ctx.read(); // Reactor Netty requests one read at a time and has seen nothing of this one
        }
    }

    private boolean isNoAnswer(ChannelHandlerContext ctx, HttpResponse response) {
        if (answerable == 0) {
            ctx.close();
            return true;
        }
        if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                || response.decoderResult().isFailure()) {
            return false;
        }
        if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            ctx.fireExceptionCaught(new DecoderException("101 without an upgrade that was asked for"));
            ctx.close();
        }
        return true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof SslCloseCompletionEvent event) {
            truncated = !event.isSuccess();
        }
        ctx.fireUserEventTriggered(evt);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.fireChannelReadComplete();
    }
}
