package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions.Protocol;
import io.penstock.transport.ProxyOptions.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection through a proxy, until the tunnel is open. The transport connects the channel to
 * an address of the proxy, which it has resolved. This handler then lets Netty's {@link ProxyHandler} connect
 * there and ask for the server. All other handlers see an active channel only when the tunnel is open: TLS does not
 * begin before, and no request is dispatched.
 */
final class ProxyTunnel extends ChannelDuplexHandler {

    private final Server proxy;
    private final InetSocketAddress destination;
    private final Duration timeout;
    private final boolean serverMayBegin;
    private final List<Object> early = new ArrayList<>(0);
    private @Nullable ProxyHandler handler;

    /**
     * Creates a tunnel.
     *
     * @param serverMayBegin whether the server may send something before the client does, as with HTTP/2 (RFC 9113 §3.4)
     */
    ProxyTunnel(Server proxy, InetSocketAddress destination, Duration timeout, boolean serverMayBegin) {
        this.proxy = proxy;
        this.destination = destination;
        this.timeout = timeout;
        this.serverMayBegin = serverMayBegin;
    }

    /** Adds a tunnel to a new channel if a server is reached through a proxy. */
    static void install(Channel channel, @Nullable SocketAddress remote, boolean secure, ConnectionOptions options) {
        if (!(remote instanceof InetSocketAddress server)) {
            return;
        }
        Server proxy = options.proxy().proxyFor(secure, server.getHostString(), server.getPort());
        if (proxy != null) {
            channel.pipeline()
                    .addFirst(new ProxyTunnel(
                            proxy,
                            destination(server.getHostString(), server.getPort()),
                            options.connectTimeout(),
                            false));
        }
    }

    /** Returns the address that a proxy is asked for: a name is left to the proxy. */
    static InetSocketAddress destination(String host, int port) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        return literal == null ? InetSocketAddress.createUnresolved(host, port) : new InetSocketAddress(literal, port);
    }

    static String describe(ConnectionOptions options) {
        return options.proxy().http() == null && options.proxy().https() == null ? "" : "; " + options.proxy();
    }

    /** Returns the outcome. Called once the channel has begun to connect. */
    Future<Channel> opened() {
        ProxyHandler known = handler;
        if (known == null) {
            throw new IllegalStateException("the channel has not begun to connect");
        }
        return known.connectFuture();
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        ProxyHandler made = handlerFor(remote);
        made.setConnectTimeoutMillis(timeout.toMillis());
        handler = made;
        ctx.pipeline().addBefore(ctx.name(), null, made);
        made.connectFuture().addListener(future -> {
            if (future.isSuccess()) {
                ctx.pipeline().remove(made);
                ctx.fireChannelActive();
                passOn(ctx);
                ctx.pipeline().remove(this);
            }
        });
        ChannelFuture unused = ctx.connect(destination, local, promise); // the promise tells
    }

    private ProxyHandler handlerFor(SocketAddress remote) {
        String user = proxy.user();
        String password = proxy.password() == null ? null : proxy.password().reveal();
        if (user == null || password == null) {
            return proxy.protocol() == Protocol.HTTP ? new HttpProxyHandler(remote) : new Socks5ProxyHandler(remote);
        }
        return proxy.protocol() == Protocol.HTTP
                ? new HttpProxyHandler(remote, user, password)
                : new Socks5ProxyHandler(remote, user, password);
    }

    /**
     * Keeps what a server has sent already, because it may arrive together with the answer of the proxy. From a server that
     * has to wait for the client it belongs neither to TLS nor to a response, and is dropped.
     */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (serverMayBegin) {
            early.add(msg);
        } else {
            ReferenceCountUtil.release(msg);
        }
    }

    private void passOn(ChannelHandlerContext ctx) {
        if (!early.isEmpty()) {
            List<Object> kept = List.copyOf(early);
            early.clear();
            kept.forEach(ctx::fireChannelRead);
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    /** Withholds the event until the tunnel is open. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // see connect
    }
}
