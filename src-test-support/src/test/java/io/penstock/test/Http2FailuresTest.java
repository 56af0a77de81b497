package io.penstock.test;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Certainty.PROCESSED;
import static io.penstock.error.Certainty.REJECTED;
import static io.penstock.error.ErrorKind.CONNECT;
import static io.penstock.error.ErrorKind.CONNECTION_LOST;
import static io.penstock.error.ErrorKind.POOL_EXHAUSTED;
import static io.penstock.error.ErrorKind.PROTOCOL_VIOLATION;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.codec.http2.Http2Error;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.http.Method;
import io.penstock.retry.RetryPolicy;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The failure table of HTTP/2: streams and connections that end early, and servers that do not keep to RFC 9113. */
class Http2FailuresTest extends FailureTable {

    private static final ConnectionOptions HTTP_2 = ConnectionOptions.standard().withHttp(HttpVersion.HTTP_2);

    private static UnaryOperator<ApiClientBuilder> with(ConnectionOptions options) {
        return b -> b.connections(options);
    }

    private static Row row(String name, Told told, Http2Peer.Script script) {
        return new Row(name, Http2Peer.script(script), with(HTTP_2), told);
    }

    private static Told told(ErrorKind kind, Certainty certainty, String message, int gets, int posts) {
        return new Told(kind, null, certainty, TRANSIENT, message, gets, posts);
    }

    private static Row reset(Http2Error code, Told told) {
        return row("RST_STREAM " + code, told, peer -> {
            for (; ; ) {
                peer.reset(peer.request().stream(), code);
            }
        });
    }

    /** Returns what can go wrong in a stream, or with its connection. */
    static List<Row> table() {
        return List.of(
                reset(
                        Http2Error.REFUSED_STREAM,
                        told(CONNECTION_LOST, REJECTED, "reset by the server with REFUSED_STREAM", 2, 2)),
                reset(Http2Error.CANCEL, told(CONNECTION_LOST, MAYBE_PROCESSED, "CANCEL before the response", 2, 1)),
                reset(Http2Error.INTERNAL_ERROR, told(CONNECTION_LOST, MAYBE_PROCESSED, "INTERNAL_ERROR", 2, 1)),
                reset(Http2Error.NO_ERROR, told(CONNECTION_LOST, MAYBE_PROCESSED, "NO_ERROR", 2, 1)),
                reset(Http2Error.ENHANCE_YOUR_CALM, told(CONNECTION_LOST, MAYBE_PROCESSED, "ENHANCE_YOUR_CALM", 2, 1)),
                reset(Http2Error.PROTOCOL_ERROR, told(PROTOCOL_VIOLATION, MAYBE_PROCESSED, "PROTOCOL_ERROR", 2, 1)),
                reset(
                        Http2Error.HTTP_1_1_REQUIRED,
                        new Told(
                                PROTOCOL_VIOLATION,
                                null,
                                MAYBE_PROCESSED,
                                PERMANENT,
                                "HTTP_1_1_REQUIRED before the response",
                                1,
                                1)),
                row(
                        "RST_STREAM with a code of its own",
                        told(CONNECTION_LOST, MAYBE_PROCESSED, "code 0xffffff12", 2, 1),
                        peer -> {
                            for (; ; ) {
                                peer.reset(peer.request().stream(), 0xffff_ff12);
                            }
                        }),
                row("RST_STREAM inside the body", told(CONNECTION_LOST, PROCESSED, "inside the body", 2, 1), peer -> {
                    for (; ; ) {
                        int stream = peer.request().stream();
                        peer.headers(stream, false, ":status", "200", "content-type", "application/json");
                        peer.data(stream, false, "{\"n\"");
                        peer.reset(stream, Http2Error.REFUSED_STREAM);
                    }
                }),
                row("GOAWAY before the stream", told(CONNECTION_LOST, REJECTED, "GOAWAY with NO_ERROR", 2, 2), peer -> {
                    peer.request();
                    peer.goAway(0, Http2Error.NO_ERROR);
                    peer.raw().fin();
                }),
                row(
                        "GOAWAY that may include the stream",
                        told(CONNECTION_LOST, MAYBE_PROCESSED, "closed before the response", 2, 1),
                        peer -> {
                            peer.goAway(peer.request().stream(), Http2Error.INTERNAL_ERROR);
                            peer.raw().fin();
                        }),
                row("closes", told(CONNECTION_LOST, MAYBE_PROCESSED, "closed before the response", 2, 1), peer -> {
                    peer.request();
                    peer.raw().fin();
                }),
                row(
                        "closes inside the body",
                        told(CONNECTION_LOST, PROCESSED, "closed inside the body", 2, 1),
                        peer -> {
                            int stream = peer.request().stream();
                            peer.headers(stream, false, ":status", "200", "content-type", "application/json");
                            peer.data(stream, false, "{\"n\"");
                            peer.raw().fin();
                        }),
                row("no status", violation("does not speak HTTP", 2), peer -> {
                    for (; ; ) {
                        peer.headers(peer.request().stream(), true, "content-type", "application/json");
                    }
                }),
                row("a status that is none", violation("DecoderException", 2), peer -> {
                    for (; ; ) {
                        peer.headers(peer.request().stream(), true, ":status", "2x0");
                    }
                }),
                row("101", violation("DecoderException", 2), peer -> {
                    for (; ; ) {
                        peer.headers(peer.request().stream(), false, ":status", "101");
                    }
                }),
                row("a body without a head", violation("does not speak HTTP", 2), peer -> {
                    for (; ; ) {
                        peer.data(peer.request().stream(), true, "{}");
                    }
                }),
                row("a header of HTTP/1.1", violation("protocol error", 2), peer -> {
                    for (; ; ) {
                        peer.headers(peer.request().stream(), true, ":status", "200", "connection", "close");
                    }
                }),
                row("headers over the limit", violation("response head of more than 32768 bytes", 2), peer -> {
                    for (; ; ) {
                        int stream = peer.request().stream();
                        String[] fields = new String[2 + 2 * 40];
                        fields[0] = ":status";
                        fields[1] = "200";
                        for (int i = 2; i < fields.length; i += 2) {
                            fields[i] = "x-bomb";
                            fields[i + 1] = "a".repeat(900); // in the table after the first: one byte for 900
                        }
                        peer.headers(stream, true, fields);
                    }
                }),
                row("a push that was refused", violation("protocol error", 2), peer -> {
                    int stream = peer.request().stream();
                    byte[] block = peer.block(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/");
                    byte[] payload = new byte[4 + block.length];
                    payload[3] = 2;
                    System.arraycopy(block, 0, payload, 4, block.length);
                    peer.send(Http2Peer.PUSH_PROMISE, Http2Peer.END_HEADERS, stream, payload);
                    peer.raw().silence();
                }),
                row("bytes that are no frames", violation("frame size error", 2), peer -> {
                    peer.request();
                    peer.raw().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    peer.raw().silence();
                }),
                row(
                        "a body shorter than its length",
                        told(PROTOCOL_VIOLATION, PROCESSED, "protocol error", 2, 1),
                        peer -> {
                            for (; ; ) {
                                int stream = peer.request().stream();
                                peer.headers(
                                        stream,
                                        false,
                                        ":status",
                                        "200",
                                        "content-type",
                                        "application/json",
                                        "content-length",
                                        "8");
                                peer.data(stream, true, "{}");
                            }
                        }));
    }

    static Stream<Arguments> rows() {
        return table().stream()
                .flatMap(row -> Stream.of(Arguments.of(row, Method.GET), Arguments.of(row, Method.POST)));
    }

    private static Told violation(String message, int gets) {
        return told(PROTOCOL_VIOLATION, MAYBE_PROCESSED, message, gets, 1);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void failsAsDocumented(Row row, Method method) {
        assertRow(row, method);
    }

    @Test
    void namesRemedyIfServerWantsHttp1() {
        RawServer server = server(Http2Peer.script(peer -> {
            for (; ; ) {
                peer.reset(peer.request().stream(), Http2Error.HTTP_1_1_REQUIRED);
            }
        }));

        ApiException failure = failureOf(call(server, HTTP_2));

        assertThat(failure.failure().remedy()).contains("HttpVersion.HTTP_1_1");
    }

    private Mono<?> call(RawServer server, ConnectionOptions options) {
        return client("http://" + server.authority(), with(options)).value(request(Method.GET));
    }

    @Test
    void sendsNothingToPeerOfHttp1() {
        RawServer server = server(peer -> {
            peer.head();
            peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            peer.fin();
        });

        ApiException failure = failureOf(call(server, HTTP_2));

        assertTold(failure, new Told(CONNECT, null, NOT_SENT, PERMANENT, "the peer does not speak HTTP/2", 0, 0));
        assertThat(failure.failure().remedy()).contains("HttpVersion.HTTP_1_1");
    }

    @Test
    void sendsNothingToServerWithoutSettings() {
        RawServer server = server(RawServer.Peer::silence);

        ApiException failure = failureOf(call(server, HTTP_2.withConnectTimeout(Duration.ofMillis(200))));

        assertTold(
                failure,
                new Told(CONNECT, Phase.CONNECT, NOT_SENT, TRANSIENT, "connecting took longer than 200 ms", 0, 0));
        assertThat(server.connections()).isEqualTo(2);
    }

    static Stream<Arguments> absurdSettings() {
        return Stream.of(
                Arguments.of("a window of 4 GiB", new int[] {Http2Peer.INITIAL_WINDOW_SIZE, -1}),
                Arguments.of("frames of 1 byte", new int[] {Http2Peer.MAX_FRAME_SIZE, 1}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("absurdSettings")
    void sendsNothingToServerWithInvalidSettings(String name, int[] settings) {
        RawServer server = server(Http2Peer.withSettings(settings, Http2Peer::serve));

        ApiException failure = failureOf(call(server, HTTP_2));

        assertTold(failure, new Told(CONNECT, null, NOT_SENT, PERMANENT, "the peer does not speak HTTP/2", 0, 0));
        assertThat(server.requests()).isZero();
    }

    @Test
    void waitsInPoolIfServerAllowsNoStreams() {
        RawServer server =
                server(Http2Peer.withSettings(new int[] {Http2Peer.MAX_CONCURRENT_STREAMS, 0}, Http2Peer::serve));
        ApiClient client =
                client("http://" + server.authority(), with(HTTP_2.withPool(10, 10, Duration.ofMillis(300))));

        List<ApiException> failures = Flux.range(0, 5)
                .flatMap(n ->
                        client.value(request(Method.POST)).cast(Object.class).onErrorResume(e -> Mono.just(e)))
                .cast(ApiException.class)
                .collectList()
                .block(PATIENCE);

        assertThat(failures)
                .hasSize(5)
                .allSatisfy(failure -> assertTold(
                        failure,
                        new Told(
                                POOL_EXHAUSTED,
                                Phase.QUEUE,
                                NOT_SENT,
                                TRANSIENT,
                                "waiting for a connection of the pool",
                                0,
                                0)));
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.requests()).isZero();
    }

    @Test
    void refusesHeadersThatServerDoesNotAccept() {
        RawServer server =
                server(Http2Peer.withSettings(new int[] {Http2Peer.MAX_HEADER_LIST_SIZE, 2000}, Http2Peer::serve));
        ApiClient client = client("http://" + server.authority(), with(HTTP_2));

        ApiException failure = failureOf(client.value(request(Method.GET).header("x-long", "a".repeat(2000))));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure.certainty()).isEqualTo(NOT_SENT);
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void endsEachCallOnceInStormOfGoAways() {
        RawServer server = server(Http2Peer.script(peer -> {
            peer.request();
            for (int i = 0; i < 1000; i++) {
                peer.goAway(0, Http2Error.ENHANCE_YOUR_CALM);
            }
            peer.raw().fin();
        }));
        ApiClient client = client("http://" + server.authority(), with(HTTP_2));

        for (int i = 0; i < 5; i++) {
            assertTold(
                    failureOf(client.value(request(Method.POST))),
                    told(CONNECTION_LOST, REJECTED, "GOAWAY with ENHANCE_YOUR_CALM", 2, 2));
        }
        assertThat(server.connections()).isEqualTo(10);
    }

    @Test
    void endsThousandStreamsThatServerResetsRapidly() {
        RawServer server = server(Http2Peer.script(peer -> {
            for (; ; ) {
                int stream = peer.head();
                peer.reset(stream, Http2Error.CANCEL);
                peer.reset(stream, Http2Error.CANCEL);
            }
        }));
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.connections(HTTP_2)
                        .circuit(CircuitPolicy.off())
                        .retry(RetryPolicy.standard().withMaxAttempts(1)));
        AtomicInteger ended = new AtomicInteger();

        Flux.range(0, 1000)
                .flatMap(
                        n -> client.value(request(Method.GET))
                                .doOnError(ApiException.class, e -> {
                                    if (e.kind() == CONNECTION_LOST && e.certainty() == MAYBE_PROCESSED) {
                                        ended.incrementAndGet();
                                    }
                                })
                                .onErrorComplete(),
                        50)
                .blockLast(PATIENCE);

        assertThat(ended).hasValue(1000);
        assertThat(server.requests()).isEqualTo(1000);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void closesConnectionThatDoesNotAnswerPing() {
        RawServer server = server(Http2Peer.script(peer -> {
            peer.request();
            peer.raw().silence();
        }));
        ApiClient client =
                client("http://" + server.authority(), with(HTTP_2.withHttp2Limits(100, Duration.ofMillis(100))));

        ApiException failure = failureOf(client.value(request(Method.POST)));

        assertTold(failure, told(CONNECTION_LOST, MAYBE_PROCESSED, "no answer to a PING within 100 ms", 2, 1));
        Eventually.until(() -> server.open() == 0);
    }

    @Test
    void waitsForServerThatAnswersPings() {
        AtomicInteger pings = new AtomicInteger();
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.request().stream();
            while (pings.incrementAndGet() <= 3) {
                peer.pong(peer.next(Http2Peer.PING));
            }
            peer.answer(stream);
            peer.raw().silence();
        }));
        ApiClient client =
                client("http://" + server.authority(), with(HTTP_2.withHttp2Limits(100, Duration.ofMillis(100))));

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(pings).hasValue(4);
    }

    @Test
    void keepsConnectionWhenCallIsCancelled() throws InterruptedException {
        BlockingQueue<Http2Peer.Frame> resets = new LinkedBlockingQueue<>();
        CountDownLatch arrived = new CountDownLatch(1);
        RawServer server = server(Http2Peer.script(peer -> {
            peer.request();
            arrived.countDown();
            resets.add(peer.next(Http2Peer.RST_STREAM));
            peer.serve();
        }));
        ApiClient client = client("http://" + server.authority(), with(HTTP_2));

        Disposable call = client.value(request(Method.GET)).subscribe();
        assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        call.dispose();

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(resets.take().number()).isEqualTo((int) Http2Error.CANCEL.code());
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void catchesNothingFromRequestThatWasLeft() {
        RawServer server = server(Http2Peer.script(peer -> {
            int left = peer.head();
            peer.next(Http2Peer.RST_STREAM);
            peer.headers(left, false, ":status", "200", "content-type", "application/json");
            peer.data(left, true, "{\"n\": 666}");
            peer.serve();
        }));
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.connections(HTTP_2)
                        .retry(RetryPolicy.standard().withMaxAttempts(1))
                        .attemptTimeout(Duration.ofMillis(300)));

        ApiException failure = catchThrowableOfType(
                ApiException.class, () -> client.value(request(Method.GET)).block(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
        assertThat(server.connections()).isEqualTo(1);
    }
}
