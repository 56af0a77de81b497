package io.penstock.benchmarks.storm;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A server that fails in a given way, on one event loop of its own. It counts the requests that it receives and serves.
 */
final class FaultyServer implements AutoCloseable {

    /**
     * A fault, which decides on the end of each request. Called on the server's loop, for one request after the other.
     */
    interface Fault {
        /** Emits the end of a request. */
        Mono<End> end(ScheduledExecutorService loop);
    }

    /** The end of a request. */
    enum End {
        SERVED,
        REFUSED,
        RESET,
        STALLED
    }

    private static final byte[] DONE = "{\"done\":true}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOT_DONE = "{\"message\":\"unavailable\"}".getBytes(StandardCharsets.UTF_8);

    private final LoopResources loops = LoopResources.create("faulty", 1, 1, true);
    private final ScheduledExecutorService loop = loops.onServer(true).next();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final int port;
    private volatile Fault fault;
    private volatile DisposableServer server;
    private int underWay;
    private volatile int mostAtOnce;

    private FaultyServer(Fault fault) {
        this.fault = fault;
        this.server = listen(0);
        this.port = server.port();
    }

    static FaultyServer start(Fault fault) {
        return new FaultyServer(fault);
    }

    private DisposableServer listen(int at) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(at)
                .runOn(loops)
                .doOnConnection(connection -> connections.add(connection.channel()))
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handle(this::answer)
                .bindNow();
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    void fault(Fault newFault) {
        fault = newFault;
    }

    /** Stops listening and closes all connections. */
    void vanish() {
        server.channel().close().syncUninterruptibly();
        connections.close().syncUninterruptibly();
    }

    void reappear() {
        server = listen(port);
    }

    int received() {
        return received.get();
    }

    int served() {
        return served.get();
    }

    int mostAtOnce() {
        return mostAtOnce;
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        received.incrementAndGet();
        underWay++;
        mostAtOnce = Math.max(mostAtOnce, underWay);
        return fault.end(loop).flatMap(end -> {
            underWay--;
            return switch (end) {
                case SERVED -> {
                    served.incrementAndGet();
                    yield send(response, HttpResponseStatus.OK, DONE);
                }
                case REFUSED -> send(response, HttpResponseStatus.SERVICE_UNAVAILABLE, NOT_DONE);
                case RESET -> reset(request);
                case STALLED -> Mono.never();
            };
        });
    }

    private static Mono<Void> send(HttpServerResponse response, HttpResponseStatus status, byte[] body) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .sendObject(Unpooled.wrappedBuffer(body))
                .then();
    }

    /** Resets the connection: closing it with a linger time of zero sends RST instead of FIN. */
    private static Mono<Void> reset(HttpServerRequest request) {
        request.withConnection(connection -> {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            var unused = connection.channel().close();
        });
        return Mono.never();
    }

    @Override
    public void close() {
        vanish();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block();
    }

    /** Returns a fault that ends every request in the given way. */
    static Fault always(End end) {
        return loop -> Mono.just(end);
    }

    /** Returns a server without a fault, which serves every request after the given time. */
    static Fault serving(Duration after) {
        return loop -> after(loop, after, End.SERVED);
    }

    private static Mono<End> after(ScheduledExecutorService loop, Duration time, End end) {
        return Mono.create(sink -> {
            var unused = loop.schedule(() -> sink.success(end), time.toNanos(), TimeUnit.NANOSECONDS);
        });
    }

    /**
     * Returns a fault like {@code limit_req} of nginx with {@code nodelay}: a leaky bucket, and 503 at once for
     * requests that do not fit in.
     */
    static Fault limited(double perSecond, int burst) {
        return new Fault() {
            private double excess;
            private long at = System.nanoTime();

            @Override
            public Mono<End> end(ScheduledExecutorService loop) {
                long now = System.nanoTime();
                double level = Math.max(0, excess - perSecond * (now - at) / 1e9 + 1);
                if (level > burst + 1) {
                    return Mono.just(End.REFUSED);
                }
                excess = level;
                at = now;
                return Mono.just(End.SERVED);
            }
        };
    }

    /**
     * Returns a fault with a number of slots and a service time. Other requests wait in a queue for a limited time and
     * then get 503, or get it at once if that time is zero or the queue is full.
     */
    static Fault queueing(int slots, Duration service, Duration patience, int longest) {
        return new Fault() {
            private final Deque<MonoSink<End>> waiting = new ArrayDeque<>();
            private int busy;

            @Override
            public Mono<End> end(ScheduledExecutorService loop) {
                return Mono.create(sink -> {
                    if (busy < slots) {
                        begin(loop, sink);
                    } else if (patience.isZero() || waiting.size() >= longest) {
                        sink.success(End.REFUSED);
                    } else {
                        waiting.add(sink);
                        var unused = loop.schedule(
                                () -> {
                                    if (waiting.remove(sink)) {
                                        sink.success(End.REFUSED);
                                    }
                                },
                                patience.toNanos(),
                                TimeUnit.NANOSECONDS);
                    }
                });
            }

            private void begin(ScheduledExecutorService loop, MonoSink<End> sink) {
                busy++;
                var unused = loop.schedule(
                        () -> {
                            busy--;
                            sink.success(End.SERVED);
                            MonoSink<End> next = waiting.poll();
                            if (next != null) {
                                begin(loop, next);
                            }
                        },
                        service.toNanos(),
                        TimeUnit.NANOSECONDS);
            }
        };
    }

    /** Returns a fault that refuses the given share at random, at any rate. */
    static Fault random(double share, long seed) {
        Random random = new Random(seed);
        return loop -> Mono.just(random.nextDouble() < share ? End.REFUSED : End.SERVED);
    }

    /** Returns a fault that resets one share and stalls another at random. */
    static Fault chaos(double resets, double stalls, long seed) {
        Random random = new Random(seed);
        return loop -> {
            double dice = random.nextDouble();
            return dice < resets
                    ? Mono.just(End.RESET)
                    : dice < resets + stalls
                            ? Mono.just(End.STALLED)
                            : after(loop, Duration.ofMillis(random.nextInt(20)), End.SERVED);
        };
    }
}
