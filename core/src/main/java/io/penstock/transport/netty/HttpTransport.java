package io.penstock.transport.netty;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.Plan;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.RequestHead.Address;
import io.penstock.upload.UploadBody;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/**
 * A transport that speaks HTTP/1.1 itself, and HTTP/2 with the frames of Netty's codec, over connections that Reactor
 * Netty opens.
 *
 * <pre>
 *  Exchange         one attempt: state, reply, failure       UploadSender    its body, read while it is sent
 *  ConnectionPool   the connections to one origin            CollectedBody   the body of its answer, as a whole
 *  Connector        opens them                               StreamedParts   …, read while it arrives
 *  Http1Connection  one of them: one exchange at a time      RequestHead     a head, encoded once per plan
 *  Http2Connection  one of them: many streams at a time      Http2Stream     one of these, for one exchange
 * </pre>
 *
 * The event loops are those of the client's resources, or those that Reactor Netty shares within the process. A call
 * that begins on one of them prefers a connection of that loop. The event loops use epoll if its library is on the class
 * path (Reactor Netty brings the one for Linux on x86-64), and NIO otherwise.
 *
 * @hidden
 */
@Internal
public final class HttpTransport implements Transport {

    private static final int PREPARED = 64;

    private final ConnectionOptions options;
    private final WireFailures failures;
    private final Connector connector;
    private final ConcurrentMap<Origin, ConnectionPool> pools = new ConcurrentHashMap<>();

    /** The heads of plans that are used repeatedly. Two plans with the same index evict each other. */
    private final AtomicReferenceArray<@Nullable RequestHead> prepared = new AtomicReferenceArray<>(PREPARED);

    private final AtomicReferenceArray<@Nullable Address> addresses = new AtomicReferenceArray<>(PREPARED);

    /** Prepared before the first connection with TLS, because reading the platform's trust store blocks. */
    private final ClientTls tls;

    private volatile boolean closed;

    /** Creates a transport with pools of its own. */
    public HttpTransport(ConnectionOptions options) {
        this(options, null);
    }

    /** Creates a transport with pools of its own, on the given event loops or those of the process. */
    public HttpTransport(ConnectionOptions options, @Nullable ClientResources resources) {
        this.options = options;
        this.tls = new ClientTls(options);
        this.failures = new WireFailures(options, tls);
        if (options.connect().httpClient() != null) {
            throw ApiException.invalidConfiguration("httpClient: a function over a client that is not used (expected:"
                    + " ConnectionOptions.withTcp, or the system property " + Transports.PROPERTY + "="
                    + Transports.HTTP_CLIENT + ")");
        }
        this.connector = new Connector(options, resources, tls);
    }

    @Override
    public Mono<Reply> exchange(Attempt attempt, Receiver receiver) {
        Plan plan = attempt.plan();
        Mono<Reply> wire = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> actual) {
                HttpTransport.this.subscribe(attempt, receiver, actual);
            }
        };
        Mono<Reply> sending =
                plan.body() instanceof UploadBody body ? body.prepare().then(wire) : wire;
        return withTls(plan, sending);
    }

    private <T> Mono<T> withTls(Plan plan, Mono<T> sending) {
        if (!Origin.isSecure(plan.uri()) || tls.isReady()) {
            return sending;
        }
        if (Schedulers.isInNonBlockingThread()) {
            return Mono.fromRunnable(tls::prepare)
                    .subscribeOn(Schedulers.boundedElastic())
                    .then(sending);
        }
        tls.prepare();
        return sending;
    }

    @Override
    public Mono<Void> connect(Attempt attempt) {
        Mono<Void> opening = Mono.create(opened -> {
            ConnectionPool pool;
            do {
                pool = pool(RequestHead.of(attempt.plan()).origin());
            } while (!pool.warm(opened));
        });
        return withTls(attempt.plan(), opening).onErrorMap(cause -> failures.name(attempt, cause));
    }

    private ConnectionPool pool(Origin of) {
        ConnectionPool pool = pools.computeIfAbsent(of, origin -> new ConnectionPool(this, origin, options, connector));
        if (closed) {
            Mono<Void> unused = pool.close(); // it may have been added after all others were closed
        }
        return pool;
    }

    private void subscribe(Attempt attempt, Receiver receiver, CoreSubscriber<? super Reply> actual) {
        RequestHead head;
        try {
            head = prepared(attempt.plan());
        } catch (ApiException e) {
            Operators.error(actual, e);
            return;
        }
        actual.onSubscribe(new Exchange(this, head, attempt, receiver, actual));
    }

    @SuppressWarnings("ReferenceEquality") // an equal plan would do, but comparing costs more than encoding anew
    private RequestHead prepared(Plan plan) {
        int place = System.identityHashCode(plan) & PREPARED - 1;
        RequestHead known = prepared.get(place);
        if (known != null && known.plan() == plan) {
            return known;
        }
        RequestHead made = new RequestHead(plan, address(plan.uri()));
        if (plan.body() == null && !closed) { // a plan with a body is reused only by a retry, and it may be large
            prepared.set(place, made);
        }
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // plans share the URI of a path
    private Address address(URI uri) {
        int place = System.identityHashCode(uri) & PREPARED - 1;
        Address known = addresses.get(place);
        if (known == null || known.uri() != uri) {
            known = Address.of(uri);
            addresses.set(place, known);
        }
        return known;
    }

    /** Gives an exchange a connection, sooner or later, or fails it. */
    void acquire(Exchange exchange) {
        ConnectionPool pool;
        do {
            pool = pool(exchange.origin());
            exchange.asks(pool);
        } while (!pool.acquire(exchange));
    }

    /** Removes a pool that is not used any more. */
    void forget(ConnectionPool pool) {
        pools.remove(pool.origin(), pool);
    }

    WireFailures failures() {
        return failures;
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            closed = true;
            for (int place = 0; place < PREPARED; place++) {
                prepared.set(place, null);
                addresses.set(place, null);
            }
            List<Mono<Void>> ends = new ArrayList<>();
            for (ConnectionPool pool : pools.values()) {
                ends.add(pool.close());
            }
            return Mono.whenDelayError(ends);
        });
    }

    @Override
    public List<ConnectionStats> connections() {
        return pools.values().stream()
                .map(ConnectionPool::stats)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public String describe() {
        String version = switch (options.http().version()) {
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2, " + options.http().maxStreams() + " requests per connection";
            case NEGOTIATED ->
                "HTTP/2 or HTTP/1.1 as negotiated, " + options.http().maxStreams()
                        + " requests per connection of HTTP/2";
        };
        return version + ", at most " + options.pool().maxConnections() + " connections per origin, own pool"
                + tls.describe()
                + ProxyTunnel.describe(options);
    }
}
