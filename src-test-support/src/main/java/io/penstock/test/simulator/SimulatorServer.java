package io.penstock.test.simulator;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The HTTP/1.1 server of a simulator, on loopback. It reads each request whole (bodies up to 1 MiB) and logs it. It
 * then plays the fault that is scripted for the request, or lets the {@link SimulatedApi} answer. All methods may be
 * called from any thread.
 */
public final class SimulatorServer implements AutoCloseable {

    private static final int MAX_BODY = 1024 * 1024;
    private static final int MAX_HEAD = 64 * 1024;
    private static final AttributeKey<Long> CONNECTION = AttributeKey.valueOf(SimulatorServer.class, "connection");

    private final SimulatedApi api;
    private final FaultPlan faults = new FaultPlan();
    private final RequestLog requests = new RequestLog();
    private final AtomicLong connections = new AtomicLong();
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final DisposableServer server;

    private SimulatorServer(int port, SimulatedApi api) {
        this.api = api;
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .httpRequestDecoder(spec -> spec.maxInitialLineLength(MAX_HEAD).maxHeaderSize(MAX_HEAD))
                .doOnChannelInit((observer, channel, remote) -> accept(channel))
                .handle(this::handle)
                .bindNow();
    }

    /**
     * Starts a server. The port is bound when it returns.
     *
     * @param port the port on loopback; 0 for any free one
     */
    public static SimulatorServer start(int port, SimulatedApi api) {
        return new SimulatorServer(port, api);
    }

    /** Returns {@code http://127.0.0.1:<port>}, without a path. */
    public URI origin() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Returns the scripted faults. */
    public FaultPlan faults() {
        return faults;
    }

    /** Returns the log of all requests that were read whole. */
    public RequestLog requests() {
        return requests;
    }

    /** Returns the number of open connections. Every request of a connection that is no longer open has been logged. */
    public int openConnections() {
        return open.size();
    }

    /** Stops listening and closes the open connections. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.disposeNow();
            open.close().awaitUninterruptibly();
        }
    }

    private void accept(Channel channel) {
        channel.attr(CONNECTION).set(connections.incrementAndGet());
        open.add(channel);
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        Fault fault = faults.takeReading(request.method().name(), path(request));
        Fault.Reading reading = fault == null ? null : fault.reading();
        return fault == null || reading == null
                ? read(request, response, Fault.Reading.WHOLE, this::reply)
                : read(request, response, reading, fault::play);
    }

    /** Answers what cannot be read, and tells the caller of a defect of the simulator. */
    private Mono<Void> orRefusal(Mono<Void> answer, HttpServerRequest request, HttpServerResponse response) {
        return answer.onErrorResume(BodyTooLarge.class, tooLarge -> {
                    response.header(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                    return Mono.from(
                            log(request, new byte[0], response, exchange -> exchange.send(exchange.refusal(413))));
                })
                .onErrorResume(failure -> !response.hasSentHeaders(), failure -> failed(failure, request, response));
    }

    /**
     * Answers 500 with the stack trace of a defect in the simulator. An empty 500 could be mistaken for a scripted one.
     */
    private Mono<Void> failed(Throwable failure, HttpServerRequest request, HttpServerResponse response) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return unlogged(request, new byte[0], response)
                .send(SimulatedResponse.text(500, "text/plain", "The simulator failed: " + trace));
    }

    /** Reads the body as prescribed and then answers. The request is logged only if all of it is read. */
    private Mono<Void> read(
            HttpServerRequest request,
            HttpServerResponse response,
            Fault.Reading reading,
            Function<Exchange, Publisher<Void>> answer) {
        AtomicLong read = new AtomicLong();
        Flux<byte[]> parts = request.receive().asByteArray();
        if (!reading.pause().isZero()) {
            parts = parts.concatMap(part -> Mono.delay(reading.pause()).thenReturn(part), 1);
        }
        return parts.takeUntil(part -> read.addAndGet(part.length) >= reading.bytes())
                .collect(ByteArrayOutputStream::new, SimulatorServer::append)
                .map(ByteArrayOutputStream::toByteArray)
                .flatMap(body -> Mono.from(
                        reading.bytes() == Long.MAX_VALUE
                                ? log(request, body, response, answer)
                                : answer.apply(unlogged(request, body, response))))
                .as(sent -> orRefusal(sent, request, response));
    }

    private static String path(HttpServerRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    private Publisher<Void> reply(Exchange exchange) {
        LoggedRequest request = exchange.request();
        Fault fault = faults.take(request.method(), request.path());
        return fault == null ? exchange.send(exchange.act()) : fault.play(exchange);
    }

    /**
     * Logs a request after the server has acted on it, so that the log never runs ahead of the effects, and before the
     * client can see an answer.
     */
    private Publisher<Void> log(
            HttpServerRequest request,
            byte[] body,
            HttpServerResponse response,
            Function<Exchange, Publisher<Void>> acting) {
        Exchange exchange = new Exchange(api, logged(requests.next(), request, body), response, requests);
        try {
            return acting.apply(exchange);
        } finally {
            exchange.log();
        }
    }

    private Exchange unlogged(HttpServerRequest request, byte[] body, HttpServerResponse response) {
        return new Exchange(api, logged(0, request, body), response, null);
    }

    private static LoggedRequest logged(long sequence, HttpServerRequest request, byte[] body) {
        AtomicLong connection = new AtomicLong();
        request.withConnection(c -> connection.set(c.channel().attr(CONNECTION).get()));
        InetSocketAddress remote = request.remoteAddress();
        return new LoggedRequest(
                sequence,
                Instant.now(),
                request.method().name(),
                request.uri(),
                path(request),
                headers(request),
                body,
                connection.get(),
                remote == null ? "" : remote.getAddress().getHostAddress());
    }

    private static Map<String, List<String>> headers(HttpServerRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.requestHeaders()
                .forEach(header -> headers.computeIfAbsent(
                                header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(header.getValue()));
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(headers);
    }

    private static void append(ByteArrayOutputStream body, byte[] piece) {
        if (body.size() + piece.length > MAX_BODY) {
            throw new BodyTooLarge();
        }
        body.writeBytes(piece);
    }

    private static final class BodyTooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BodyTooLarge() {
            super("request body over " + MAX_BODY + " bytes", null, false, false);
        }
    }
}
