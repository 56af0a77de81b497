package io.penstock.transport.netty;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.Plan;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions;
import io.penstock.upload.UploadBody;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * A transport on Reactor Netty, without the features that the pipeline replaces: its silent second try, redirects,
 * default pool.
 *
 * <p>There is one prebuilt client for each scheme over one {@link ConnectionProvider}, because any option changed per
 * call would silently open another pool. The callback of {@code send} runs only once a connection exists, just before
 * the first write. Every method uses it, because it separates "not sent" from "maybe sent".
 *
 * <p>The event loops are those that Reactor Netty shares within the process. A call that begins on one of them and
 * needs a new connection opens it there. The event loops use epoll if its library is on the class path (Reactor Netty
 * brings the one for Linux on x86-64), and NIO otherwise.
 *
 * @hidden
 */
@Internal
public final class NettyTransport implements Transport {

    private static final int PREPARED = 64;

    private final ConnectionProvider pool;
    private final PoolMeter meter = new PoolMeter();
    private final ConnectionOptions options;
    private final WireFailures failures;
    private final NameResolution names;
    /**
     * Prepared by the thread that builds the client: reading the trust store blocks, and must not happen on an event
     * loop.
     */
    private final ClientTls tls;

    private final HttpClient direct;
    private final HttpClient plain;
    /**
     * Created on first use, because Reactor Netty then reads the platform's trust store once more, for a default of its
     * own.
     */
    private final AtomicReference<@Nullable HttpClient> secure = new AtomicReference<>();

    private volatile boolean closed;

    /** The prepared sends of plans that are used repeatedly. Two plans with the same index evict each other. */
    private final AtomicReferenceArray<@Nullable Prepared> prepared = new AtomicReferenceArray<>(PREPARED);

    private record Prepared(Plan plan, Flux<Reply> sending) {}

    /** Creates a transport with a pool of its own. */
    public NettyTransport(ConnectionOptions options) {
        this(options, null);
    }

    /** Creates a transport with a pool of its own, on the given event loops or those of the process. */
    public NettyTransport(ConnectionOptions options, @Nullable ClientResources resources) {
        this.options = options;
        this.names = new NameResolution(options, resources);
        this.tls = new ClientTls(options);
        this.failures = new WireFailures(options, tls);
        if (options.connect().tcp() != null) {
            throw ApiException.invalidConfiguration("tcp: a function over a client that is not used (expected:"
                    + " ConnectionOptions.withHttpClient, or no system property " + Transports.PROPERTY + ")");
        }
        tls.prepare();
        this.pool = ConnectionProvider.builder("penstock")
                .maxConnections(options.pool().maxConnections())
                .pendingAcquireMaxCount(options.pool().maxPending())
                .pendingAcquireTimeout(options.pool().acquireTimeout())
                .maxIdleTime(options.pool().maxIdle())
                .maxLifeTime(options.pool().maxLife())
                .maxLifeTimeVariance(10)
                .evictInBackground(options.pool().maxIdle())
                .lifo()
                .metrics(true, () -> meter)
                .build();
        this.direct = resources == null ? directClient() : directClient().runOn(resources.loops());
        this.plain = changed(routed(false, direct));
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        WireMono wire = new WireMono(this, call, receiver);
        Mono<Reply> sending =
                call.plan().body() instanceof UploadBody body ? body.prepare().then(wire) : wire;
        if (!isSecure(call.plan().uri()) || (secure.get() != null && tls.isReady())) {
            return sending;
        }
        if (Schedulers.isInNonBlockingThread()) {
            return Mono.fromRunnable(this::prepareTls)
                    .subscribeOn(Schedulers.boundedElastic())
                    .then(sending);
        }
        prepareTls();
        return sending;
    }

    private void prepareTls() {
        tls.prepare();
        secure();
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Returns the publisher for all sends of a plan, or null once the transport is closed. */
    @SuppressWarnings("ReferenceEquality") // an equal plan would do, but comparing costs more than preparing anew
    @Nullable
    Flux<Reply> sending(Plan plan) {
        int place = System.identityHashCode(plan) & PREPARED - 1;
        Prepared known = prepared.get(place);
        if (known != null && known.plan == plan && !closed) {
            return known.sending;
        }
        HttpClient client = client(plan.uri());
        if (client == null) {
            return null;
        }
        Flux<Reply> made = WireMono.sending(client, plan);
        if (plan.body() == null) { // a plan with a body is reused only by a retry, and the body may be large
            prepared.set(place, new Prepared(plan, made));
        }
        return made;
    }

    /**
     * Returns the client of a URI's scheme, or null once the transport is closed: a disposed pool would silently open
     * again.
     */
    @Nullable
    HttpClient client(URI uri) {
        return closed ? null : isSecure(uri) ? secure() : plain;
    }

    /** Returns the client for https, always the same one, because each client has pools of its own. */
    private HttpClient secure() {
        HttpClient known = secure.get();
        if (known != null) {
            return known;
        }
        HttpClient made = changed(routed(true, direct))
                .secure(ssl ->
                        ssl.sslContext(tls).handshakeTimeout(options.tls().tlsTimeout()));
        HttpClient first = secure.compareAndExchange(null, made);
        return first == null ? made : first;
    }

    /** Applies the user's function. */
    private HttpClient changed(HttpClient client) {
        UnaryOperator<HttpClient> change = options.connect().httpClient();
        HttpClient made = change == null ? client : change.apply(client);
        if (made.configuration().connectionProvider() != pool) {
            throw ApiException.invalidConfiguration("httpClient: the function returns a client over another pool"
                    + " (expected: the client that it was given, changed)");
        }
        return made;
    }

    /** Returns a client of a scheme whose connections to servers that need a proxy go through it. */
    private HttpClient routed(boolean isSecure, HttpClient client) {
        ProxyOptions proxy = options.proxy();
        return (isSecure ? proxy.https() : proxy.http()) == null
                ? client
                : client.resolver(new ProxyResolver(names, proxy, isSecure))
                        .doOnChannelInit(
                                (observer, channel, remote) -> ProxyTunnel.install(channel, remote, isSecure, options));
    }

    private HttpClient directClient() {
        int maxHeaderBytes = options.http().maxResponseHeaderBytes();
        return HttpClient.create(pool)
                .resolver(names)
                .disableRetry(true)
                .followRedirect(false)
                .compress(true)
                // independently of the class path: Reactor Netty would accept codings that nothing here decodes
                .headers(headers -> headers.set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis())
                .httpResponseDecoder(spec -> spec.maxHeaderSize(maxHeaderBytes).maxInitialLineLength(maxHeaderBytes))
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                        .addAfter(NettyPipeline.HttpCodec, ResponsePairing.NAME, new ResponsePairing())
                        .addBefore(
                                NettyPipeline.ReactiveBridge,
                                ConnectionFailureHandler.NAME,
                                new ConnectionFailureHandler())
                        .replace(
                                NettyPipeline.HttpDecompressor,
                                NettyPipeline.HttpDecompressor,
                                new WholeDecompressor()));
    }

    /**
     * Disposes the pool again if the transport is closed. Called after an attempt has asked for a connection. An
     * attempt that got its client just before the transport was closed may have made the disposed provider open a new
     * pool: either closing has seen that pool, or {@code closed} is seen here. The attempt itself may go on, like any
     * that was under way.
     */
    void asked() {
        if (closed) {
            pool.dispose();
        }
    }

    WireFailures failures() {
        return failures;
    }

    static HttpMethod method(Method method) {
        return switch (method) {
            case GET -> HttpMethod.GET;
            case HEAD -> HttpMethod.HEAD;
            case OPTIONS -> HttpMethod.OPTIONS;
            case PUT -> HttpMethod.PUT;
            case DELETE -> HttpMethod.DELETE;
            case POST -> HttpMethod.POST;
            case PATCH -> HttpMethod.PATCH;
        };
    }

    static ApiException closedBeforeSend() {
        return new ApiException(Failure.of(
                ErrorKind.CLIENT_CLOSED,
                Certainty.NOT_SENT,
                Retryability.PERMANENT,
                "the client is closed (expected: an open one; keep it for as long as calls are made)"));
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            closed = true;
            for (int place = 0; place < PREPARED; place++) {
                prepared.set(place, null);
            }
            return pool.disposeLater();
        });
    }

    @Override
    public List<ConnectionStats> connections() {
        return meter.stats();
    }

    @Override
    public String describe() {
        return "HTTP/1.1, at most " + options.pool().maxConnections() + " connections per origin, own pool"
                + tls.describe()
                + ProxyTunnel.describe(options);
    }
}
