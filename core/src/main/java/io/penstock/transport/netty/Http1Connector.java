package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions.Server;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpClientConfig;
import reactor.netty.transport.TransportConnector;

/**
 * The opening of connections, by Reactor Netty: its event loops, its name resolution, all addresses of a name in turn,
 * and its options of a {@link TcpClient}. What is on top of a channel, a proxy's tunnel, TLS and HTTP, is installed here.
 */
final class Http1Connector {

    private final ConnectionOptions options;
    private final ClientTls tls;
    private final NameResolution names;
    private final TcpClient tcp;
    private volatile @Nullable Client client;

    /** A configuration for the event loops of the process, which may be replaced. */
    private record Client(HttpResources resources, TcpClientConfig config) {}

    Http1Connector(ConnectionOptions options, ClientTls tls) {
        this.options = options;
        this.tls = tls;
        this.names = new NameResolution(options);
        UnaryOperator<TcpClient> change = options.connect().tcp();
        TcpClient tcp = TcpClient.create(ConnectionProvider.newConnection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        this.tcp = change == null ? tcp : change.apply(tcp);
    }

    /** Returns the current event loop, or the next one if the thread is none. */
    static EventLoop eventLoop() {
        return HttpResources.get().onClient(LoopResources.DEFAULT_NATIVE).next();
    }

    private Client client() {
        HttpResources resources = HttpResources.get();
        Client known = client;
        if (known != null && known.resources == resources) {
            return known;
        }
        Client made = new Client(resources, tcp.runOn(resources).configuration());
        client = made;
        return made;
    }

    /** Opens a connection and reports to its pool, on the connection's event loop if that has not been shut down. */
    void connect(Http1Connection connection, Http1Exchange exchange) {
        try {
            Client current = client();
            Origin origin = connection.pool().origin();
            Server proxy = options.proxy().proxyFor(origin.secure(), origin.host(), origin.port());
            Installation installation = new Installation(connection, origin, proxy);
            Disposable unused = TransportConnector.connect(
                            current.config,
                            proxy == null
                                    ? InetSocketAddress.createUnresolved(origin.host(), origin.port())
                                    : InetSocketAddress.createUnresolved(proxy.host(), proxy.port()),
                            names,
                            installation,
                            connection.loop())
                    .subscribe(
                            channel -> installation.connected(exchange), cause -> failed(connection, exchange, cause));
        } catch (RejectedExecutionException e) {
            failed(connection, exchange, e);
        }
    }

    /** The handlers of a new channel. There is another channel for each address of a name that cannot be reached. */
    private final class Installation extends ChannelInitializer<Channel> {
        private final Http1Connection connection;
        private final Origin origin;
        private final @Nullable Server proxy;
        private @Nullable ProxyTunnel tunnel;
        private @Nullable SslHandler handshake;

        Installation(Http1Connection connection, Origin origin, @Nullable Server proxy) {
            this.connection = connection;
            this.origin = origin;
            this.proxy = proxy;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (proxy != null) {
                tunnel = new ProxyTunnel(
                        proxy, ProxyTunnel.destination(origin.host(), origin.port()), options.connectTimeout());
                channel.pipeline().addLast(tunnel);
            }
            if (origin.secure()) {
                handshake = handler(channel, origin);
                channel.pipeline().addLast(handshake);
            }
            connection.install(channel);
        }

        void connected(Http1Exchange exchange) {
            ProxyTunnel through = tunnel;
            if (through == null) {
                handshake(exchange);
                return;
            }
            through.opened().addListener(future -> {
                if (future.isSuccess()) {
                    handshake(exchange);
                } else {
                    failed(connection, exchange, future.cause());
                }
            });
        }

        private void handshake(Http1Exchange exchange) {
            SslHandler shaking = handshake;
            if (shaking == null) {
                established(connection, exchange);
                return;
            }
            shaking.handshakeFuture().addListener(future -> {
                if (future.isSuccess()) {
                    established(connection, exchange);
                } else {
                    failed(connection, exchange, future.cause());
                }
            });
        }
    }

    private static void established(Http1Connection connection, Http1Exchange exchange) {
        connection.established();
        connection.pool().connected(connection, exchange);
    }

    private static void failed(Http1Connection connection, Http1Exchange exchange, Throwable cause) {
        connection.pool().notConnected(connection, exchange, cause);
    }

    private SslHandler handler(Channel channel, Origin origin) {
        SslHandler handler = tls.newHandler(channel.alloc(), origin.host(), origin.port());
        handler.setHandshakeTimeoutMillis(options.tls().tlsTimeout().toMillis());
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate has to name the host, RFC 9110 §4.3.4
        engine.setSSLParameters(parameters);
        return handler;
    }
}
