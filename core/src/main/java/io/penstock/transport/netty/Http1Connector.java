package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.penstock.transport.ClientResources;
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
    private final @Nullable ClientResources resources;
    private final ClientTls tls;
    private final NameResolution names;
    private final TcpClient tcp;
    private volatile @Nullable Client client;

    /** A configuration for the event loops of the process, which may be replaced. */
    private record Client(LoopResources loops, TcpClientConfig config) {}

    /** The receiver of a new connection, which is called on its event loop if that has not been shut down. */
    interface Opening {
        void connected(Http1Connection connection);

        void notConnected(Http1Connection connection, Throwable cause);
    }

    /**
     * Creates a connector.
     *
     * @param resources the event loops; null for those of the process
     * @param tls gives the TLS context, without blocking
     */
    Http1Connector(ConnectionOptions options, @Nullable ClientResources resources, ClientTls tls) {
        this.resources = resources;
        this.options = options;
        this.tls = tls;
        this.names = new NameResolution(options, resources);
        UnaryOperator<TcpClient> change = options.connect().tcp();
        TcpClient tcp = TcpClient.create(ConnectionProvider.newConnection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        this.tcp = change == null ? tcp : change.apply(tcp);
    }

    /** Returns the current event loop, or the next one if the thread is none. */
    EventLoop eventLoop() {
        return loops().onClient(LoopResources.DEFAULT_NATIVE).next();
    }

    private LoopResources loops() {
        return resources == null ? HttpResources.get() : resources.loops();
    }

    @SuppressWarnings("ReferenceEquality") // the same event loops, not similar ones
    private Client client() {
        LoopResources loops = loops();
        Client known = client;
        if (known != null && known.loops == loops) {
            return known;
        }
        Client made = new Client(loops, tcp.runOn(loops).configuration());
        client = made;
        return made;
    }

    /** Opens a connection and reports its outcome. */
    void connect(Http1Connection connection, Opening opening) {
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
                    .subscribe(channel -> installation.connected(opening), cause -> failed(connection, opening, cause));
        } catch (RejectedExecutionException e) {
            failed(connection, opening, e);
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

        void connected(Opening opening) {
            ProxyTunnel through = tunnel;
            if (through == null) {
                handshake(opening);
                return;
            }
            through.opened().addListener(future -> {
                if (future.isSuccess()) {
                    handshake(opening);
                } else {
                    failed(connection, opening, future.cause());
                }
            });
        }

        private void handshake(Opening opening) {
            SslHandler shaking = handshake;
            if (shaking == null) {
                established(connection, opening);
                return;
            }
            shaking.handshakeFuture().addListener(future -> {
                if (future.isSuccess()) {
                    established(connection, opening);
                } else {
                    failed(connection, opening, future.cause());
                }
            });
        }
    }

    private static void established(Http1Connection connection, Opening opening) {
        connection.established();
        opening.connected(connection);
    }

    private static void failed(Http1Connection connection, Opening opening, Throwable cause) {
        opening.notConnected(connection, cause);
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
