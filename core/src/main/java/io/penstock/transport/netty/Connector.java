package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.penstock.error.ApiException;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ProxyOptions.Server;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
final class Connector {

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
        /** Takes a connection of HTTP/1.1. */
        void connected(Http1Connection connection);

        /** Takes a connection of HTTP/2, in the place of the one that was to be opened. */
        void shared(Http1Connection place, Http2Connection connection);

        void notConnected(Http1Connection connection, Throwable cause);
    }

    /**
     * Creates a connector.
     *
     * @param resources the event loops; null for those of the process
     * @param tls gives the TLS context, without blocking
     */
    Connector(ConnectionOptions options, @Nullable ClientResources resources, ClientTls tls) {
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
        private SettingsArrival settings = new SettingsArrival();
        private boolean isChosen;
        private boolean refused;
        private @Nullable SslHandler handshake;
        private @Nullable Http2Connection http2;

        Installation(Http1Connection connection, Origin origin, @Nullable Server proxy) {
            this.connection = connection;
            this.origin = origin;
            this.proxy = proxy;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (proxy != null) {
                tunnel = new ProxyTunnel(
                        proxy,
                        ProxyTunnel.destination(origin.host(), origin.port()),
                        options.connectTimeout(),
                        connection.pool().mayShare() && !origin.secure());
                channel.pipeline().addLast(tunnel);
            }
            if (origin.secure()) {
                handshake = handler(channel, origin);
                channel.pipeline().addLast(handshake);
            }
            if (!connection.pool().mayShare()) {
                connection.install(channel);
            } else if (origin.secure()) {
                connection.opensOn(channel);
                channel.pipeline().addLast(new ProtocolChoice(this));
            } else {
                installHttp2(channel);
            }
        }

        private void installHttp2(Channel channel) {
            connection.opensOn(channel);
            settings = new SettingsArrival();
            http2 = Http2Connection.install(connection.pool(), channel, options.http(), settings);
        }

        /**
         * Installs the version of HTTP that the server has chosen, as soon as the handshake has succeeded: before
         * anything behind it is decrypted. The event of the handshake and its future may come in any order.
         */
        @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the close
        void choose(SslHandler shaken, Channel channel) {
            if (isChosen || channel.pipeline().get(ProtocolChoice.class) == null) {
                return;
            }
            isChosen = true;
            channel.pipeline().remove(ProtocolChoice.class);
            if (ApplicationProtocolNames.HTTP_2.equals(shaken.applicationProtocol())) {
                installHttp2(channel);
            } else if (options.http().version() == HttpVersion.NEGOTIATED) {
                connection.install(channel);
            } else {
                refused = true;
                channel.close();
            }
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
                spoken(opening);
                return;
            }
            shaking.handshakeFuture().addListener(future -> {
                if (future.isSuccess()) {
                    choose(shaking, (Channel) future.getNow());
                    spoken(opening);
                } else {
                    failed(connection, opening, future.cause());
                }
            });
        }

        /** Takes the connection into use, HTTP/2 once the server has sent its SETTINGS. */
        private void spoken(Opening opening) {
            Http2Connection shared = http2;
            if (refused) {
                failed(connection, opening, new ApiException(TlsFailures.withoutHttp2()));
                return;
            }
            if (shared == null) {
                established(connection, opening);
                return;
            }
            Future<?> timer;
            try {
                timer = connection
                        .loop()
                        .schedule(
                                () -> shared.tooLate(new ConnectTimeoutException("no SETTINGS")),
                                options.connectTimeout().toMillis(),
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                failed(connection, opening, e); // the event loop has been shut down, and the connection with it
                return;
            }
            settings.then(cause -> {
                timer.cancel(false);
                if (cause != null) {
                    failed(connection, opening, cause);
                } else if (shared.isOpen()) {
                    opening.shared(connection, shared);
                } else {
                    shared.close();
                    failed(
                            connection,
                            opening,
                            new PrematureChannelClosureException("connection closed before its first request"));
                }
            });
        }
    }

    /** The outcome of the wait for the SETTINGS of the server, which may come before somebody waits for it. */
    private static final class SettingsArrival implements Consumer<@Nullable Throwable> {
        private boolean done;
        private @Nullable Throwable failure;
        private @Nullable Consumer<@Nullable Throwable> then;

        @Override
        public void accept(@Nullable Throwable outcome) {
            done = true;
            failure = outcome;
            Consumer<@Nullable Throwable> waiting = then;
            if (waiting != null) {
                waiting.accept(outcome);
            }
        }

        void then(Consumer<@Nullable Throwable> next) {
            then = next;
            if (done) {
                next.accept(failure);
            }
        }
    }

    /** The last handler until the server has chosen a version of HTTP by ALPN (RFC 7301). */
    private static final class ProtocolChoice extends ChannelInboundHandlerAdapter {
        private final Installation installation;

        ProtocolChoice(Installation installation) {
            this.installation = installation;
        }

        /** Reads from the beginning: Reactor Netty creates channels that do not. */
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(true);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt instanceof SslHandshakeCompletionEvent event && event.isSuccess()) {
                installation.choose(ctx.pipeline().get(SslHandler.class), ctx.channel());
                return;
            }
            ReferenceCountUtil.release(evt);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the handshake fails with it
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
