package io.penstock.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import io.penstock.transport.netty.WireMono.WireSubscriber;
import reactor.netty.channel.ChannelOperations;

/**
 * A handler that ends a call whose connection fails, right before Reactor Netty's own handler. That one (1.3.6) logs a
 * warning with a stack trace for each failure without a reader, while the call reports the same failure itself. The
 * recipient of a failure depends on the progress of the exchange:
 *
 * <pre>
 *  TLS handshake, before the head   the call; cancelling it ends Reactor Netty's side silently
 *  inside the body                  Reactor Netty once, which passes it to the reader of the body
 *  after that, or between calls     none: the connection is closed
 * </pre>
 *
 * An {@link Error} always goes to Reactor Netty: it deserves a warning.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close
final class ConnectionFailureHandler extends ChannelInboundHandlerAdapter {

    static final String NAME = "penstock.failures";

    /** Whether the TLS handshake, if there is one, has succeeded. */
    private boolean ready;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ready = true;
        ctx.fireChannelActive();
    }

    /** Checks messages for decoder failures, which the codec reports inside a message. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpObject part
                && part.decoderResult().isFailure()
                && !passesOn(ctx, part.decoderResult().cause())) {
            ReferenceCountUtil.release(msg);
            ctx.close();
            return;
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (passesOn(ctx, cause)) {
            ctx.fireExceptionCaught(cause);
        } else if (ready) {
            ctx.close();
        } // else: a failed handshake closes the connection once it has sent its alert
    }

    private boolean passesOn(ChannelHandlerContext ctx, Throwable cause) {
        WireSubscriber exchange = WireSubscriber.on(ctx.channel());
        if (cause instanceof Error) {
            return true;
        }
        if (!ready) {
            return exchange == null || exchange.failedInHandshake(cause);
        }
        // Without operations no exchange is under way. The next exchange may have been assigned to this connection
        // already, but its request has not been written: Reactor Netty finds the connection closed and takes another
        // one.
        return exchange != null && ChannelOperations.get(ctx.channel()) != null && exchange.failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        WireSubscriber exchange = WireSubscriber.on(ctx.channel());
        if (exchange == null || ChannelOperations.get(ctx.channel()) == null || exchange.closed()) {
            ctx.fireChannelInactive();
        }
    }
}
