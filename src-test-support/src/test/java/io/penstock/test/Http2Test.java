package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.OpenSsl;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ConnectionOptions.TlsEngine;
import io.penstock.transport.ProxyOptions;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/** Calls over HTTP/2: many at a time on one connection, by prior knowledge and as negotiated by ALPN. */
class Http2Test extends FailureTable {

    private static final ConnectionOptions HTTP_2 = ConnectionOptions.standard().withHttp(HttpVersion.HTTP_2);
    private static final int FIRST_WINDOW = 65_535;

    private static final RawServer.Script HTTP_1_1 = peer -> {
        for (; ; ) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
        }
    };

    private record Item(int id) {}

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    private ApiClient client(RawServer server, ConnectionOptions options) {
        return client("http://" + server.authority(), b -> b.connections(options));
    }

    private ApiClient secureClient(RawServer server, HttpVersion version) {
        return client(
                "https://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard()
                        .withTrusted(List.of(certificate.certificate()))
                        .withHttp(version)));
    }

    /** Sockets of a server that offers these protocols by ALPN. */
    private static ServerSocketFactory offering(String... protocols) {
        return offering(certificate, protocols);
    }

    /** Sockets of a server with this certificate that offers these protocols by ALPN. */
    static ServerSocketFactory offering(TestCertificate certificate, String... protocols) {
        return new ServerSocketFactory() {
            @Override
            public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                    throws IOException {
                SSLServerSocket made = (SSLServerSocket)
                        certificate.server().getServerSocketFactory().createServerSocket(port, backlog, address);
                SSLParameters parameters = made.getSSLParameters();
                parameters.setApplicationProtocols(protocols);
                made.setSSLParameters(parameters);
                return made;
            }

            @Override
            public ServerSocket createServerSocket(int port) throws IOException {
                return createServerSocket(port, 50, null);
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                return createServerSocket(port, backlog, null);
            }
        };
    }

    @Test
    void servesManyCallsOnOneConnectionInAnyOrder() {
        int calls = 64;
        RawServer server = server(Http2Peer.script(peer -> {
            List<Http2Peer.Request> requests = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                requests.add(peer.request());
            }
            Collections.reverse(requests);
            for (Http2Peer.Request request : requests) {
                peer.answer(request.stream(), "{\"path\":\"" + request.path() + "\"}");
            }
            peer.raw().silence();
        }));
        ApiClient client = client(server, HTTP_2);

        List<String> answers = Flux.range(0, calls)
                .flatMapSequential(
                        n -> client.value(ApiRequest.get("things/" + n))
                                .map(json -> json.path("path").asString()),
                        calls)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(calls).first().isEqualTo("/things/0");
        assertThat(answers).last().isEqualTo("/things/63");
        assertThat(server.connections()).isEqualTo(1);
        Eventually.asserted(() -> assertThat(client.inspect().connections()) // a stream ends just after its answer
                .singleElement()
                .satisfies(pool -> assertThat(pool.idle()).isEqualTo(1)));
    }

    @Test
    void sendsHeadInFormOfHttp2() {
        List<Http2Peer.Request> seen = new CopyOnWriteArrayList<>();
        RawServer server = server(Http2Peer.script(peer -> {
            seen.add(peer.request());
            peer.answer(seen.get(0).stream());
            peer.raw().silence();
        }));

        client(server, HTTP_2)
                .value(request(Method.POST).query("q", "a b").header("X-Trace", "7"))
                .block(PATIENCE);

        assertThat(seen).singleElement().satisfies(request -> {
            assertThat(request.headers().method()).hasToString("POST");
            assertThat(request.headers().scheme()).hasToString("http");
            assertThat(request.headers().authority()).hasToString(server.authority());
            assertThat(request.path()).isEqualTo("/things?q=a%20b");
            assertThat(request.headers().get("x-trace")).hasToString("7");
            assertThat(request.headers().get("content-length")).hasToString("14");
            assertThat(request.headers().contains("host")).isFalse();
            assertThat(request.body()).asString().isEqualTo("{\"name\":\"one\"}");
        });
    }

    @Test
    void keepsToStreamsThatServerAllows() {
        AtomicInteger most = new AtomicInteger();
        RawServer server = server(Http2Peer.withSettings(new int[] {Http2Peer.MAX_CONCURRENT_STREAMS, 2}, peer -> {
            List<Integer> open = new ArrayList<>();
            for (; ; ) {
                open.add(peer.request().stream());
                most.accumulateAndGet(open.size(), Math::max);
                if (open.size() == 2) {
                    peer.raw().pause(2); // time for a third one to come, if the client were to send it
                    peer.answer(open.remove(0));
                    peer.answer(open.remove(0));
                }
            }
        }));
        ApiClient client = client(server, HTTP_2.withPool(1, 100, Duration.ofSeconds(20)));

        List<?> answers = Flux.range(0, 20)
                .flatMap(n -> client.value(request(Method.GET)), 20)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(20);
        assertThat(most).hasValue(2);
        assertThat(server.requests()).isEqualTo(20);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void opensAnotherConnectionWhenAllStreamsAreTaken() {
        CountDownLatch all = new CountDownLatch(4);
        RawServer server = server(Http2Peer.withSettings(new int[] {Http2Peer.MAX_CONCURRENT_STREAMS, 2}, peer -> {
            int first = peer.head();
            all.countDown();
            int second = peer.head();
            all.countDown();
            await(all);
            peer.answer(first);
            peer.answer(second);
            peer.raw().silence();
        }));
        ApiClient client = client(server, HTTP_2);

        List<?> answers = Flux.range(0, 4)
                .flatMap(n -> client.value(request(Method.GET)), 4)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(4);
        assertThat(server.connections()).isEqualTo(2);
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the other side has not got there");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void letsRunningCallEndOnConnectionThatServerLeaves() {
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.request().stream();
            peer.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR); // RFC 9113 §6.8: a warning first
            peer.goAway(stream, Http2Error.NO_ERROR);
            peer.answer(stream);
            peer.raw().silence();
        }));
        ApiClient client = client(server, HTTP_2);

        assertThat(client.value(request(Method.POST)).block(PATIENCE)).isNotNull();
        assertThat(client.value(request(Method.POST)).block(PATIENCE)).isNotNull();

        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.requests()).isEqualTo(2);
        Eventually.until(() -> server.open() == 0);
    }

    @Test
    void ignoresInformationalResponsesAndTrailers() {
        RawServer server = server(Http2Peer.script(peer -> {
            for (; ; ) {
                int stream = peer.request().stream();
                peer.headers(stream, false, ":status", "103", "link", "</a>");
                peer.headers(stream, false, ":status", "200", "content-type", "application/json");
                peer.data(stream, false, Http2Peer.OK);
                peer.headers(stream, true, "x-checksum", "1");
            }
        }));
        ApiClient client = client(server, HTTP_2);

        for (int i = 0; i < 2; i++) {
            assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void readsSourceOfUploadOnlyAsServerOpensItsWindow() {
        int part = 16 * 1024;
        int parts = 64;
        AtomicLong read = new AtomicLong();
        AtomicLong whileClosed = new AtomicLong();
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.head();
            int received = 0;
            while (received < FIRST_WINDOW) {
                received += peer.next(Http2Peer.DATA).payload().length;
            }
            peer.raw().pause(50); // time to read on, if anything did
            whileClosed.set(read.get());
            peer.window(0, Integer.MAX_VALUE - FIRST_WINDOW);
            peer.window(stream, Integer.MAX_VALUE - FIRST_WINDOW);
            int whole = peer.request().body().length;
            peer.answer(stream, "{\"bytes\":" + whole + "}");
            peer.raw().silence();
        }));
        Flux<ByteBuffer> source =
                Flux.range(0, parts).map(n -> ByteBuffer.allocate(part)).doOnNext(bytes -> read.addAndGet(part));

        assertThat(client(server, HTTP_2)
                        .value(ApiRequest.post("files").body(Upload.stream(source, "application/octet-stream")))
                        .block(PATIENCE))
                .hasToString("{\"bytes\":" + part * parts + "}");
        assertThat(whileClosed.get()).isLessThanOrEqualTo(FIRST_WINDOW + 5 * part);
    }

    @Test
    void keepsConnectionOfUploadThatServerRefusesEarly() {
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.head();
            peer.headers(stream, true, ":status", "413");
            peer.next(Http2Peer.RST_STREAM);
            peer.serve();
        }));
        ApiClient client = client(server, HTTP_2);
        Flux<ByteBuffer> source = Flux.range(0, 1000).map(n -> ByteBuffer.allocate(16 * 1024));

        ApiException failure = failureOf(
                client.value(ApiRequest.post("files").body(Upload.stream(source, "application/octet-stream"))));

        assertThat(failure.status()).isEqualTo(413);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void holdsBackStreamThatNobodyReadsAndServesOthersMeanwhile() {
        AtomicLong allowed = new AtomicLong();
        CountDownLatch full = new CountDownLatch(1);
        RawServer server = server(Http2Peer.script(peer -> {
            int slow = peer.request().stream();
            peer.headers(slow, false, ":status", "200", "content-type", "application/json");
            byte[] item = ("{\"id\":1,\"pad\":\"" + "x".repeat(8000) + "\"},").getBytes(StandardCharsets.US_ASCII);
            peer.data(slow, false, "[");
            int sent = 1;
            while (sent + item.length < 256 * 1024) { // the window of a stream
                peer.data(slow, false, item);
                sent += item.length;
            }
            full.countDown();
            peer.answer(peer.request().stream()); // any other WINDOW_UPDATE of the slow stream would come before
            while (allowed.get() == 0) {
                Http2Peer.Frame update = peer.next(Http2Peer.WINDOW_UPDATE);
                allowed.addAndGet(update.stream() == slow ? update.number() : 0);
            }
            peer.data(slow, true, "{\"id\":2}]");
            peer.raw().silence();
        }));
        ApiClient client = client(server, HTTP_2);
        List<Integer> ids = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        BaseSubscriber<Item> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(Item item) {
                ids.add(item.id());
            }

            @Override
            protected void hookOnComplete() {
                done.countDown();
            }
        };
        client.stream(ApiRequest.get("items").elements(Item.class)).subscribe(slow);
        Eventually.until(() -> full.getCount() == 0 && ids.size() == 1);

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(ids).hasSize(1);
        assertThat(allowed).hasValue(0);

        slow.requestUnbounded();
        Eventually.until(() -> done.getCount() == 0);
        assertThat(ids).last().isEqualTo(2);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void closesIdleConnectionAfterItsTime() {
        RawServer server = server(Http2Peer.script(Http2Peer::serve));
        ApiClient client = client(server, HTTP_2.withMaxIdle(Duration.ofMillis(50)));

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();

        Eventually.until(() -> server.open() == 0);
        assertThat(client.inspect().connections()).allMatch(pool -> pool.idle() == 0);
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).isNotNull();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void replacesConnectionThatIsTooOldWhileItsCallsEnd() {
        CountDownLatch second = new CountDownLatch(1);
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.request().stream();
            if (peer.raw().number() == 1) {
                await(second);
            }
            peer.answer(stream);
            second.countDown();
            peer.serve();
        }));
        ApiClient client = client(server, HTTP_2.withMaxLife(Duration.ofMillis(50)));

        List<?> answers = Flux.merge(
                        client.value(request(Method.GET)),
                        client.value(request(Method.GET)).delaySubscription(Duration.ofMillis(100)))
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(2);
        assertThat(server.connections()).isEqualTo(2);
        Eventually.until(() -> server.open() <= 1);
    }

    @Test
    void closesConnectionOfClosedClientAfterItsLastCall() {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.request().stream();
            arrived.countDown();
            await(closing);
            peer.answer(stream);
            peer.raw().silence();
        }));
        ApiClient client = client(server, HTTP_2);

        var call = client.value(request(Method.GET)).toFuture();
        Eventually.until(() -> arrived.getCount() == 0);
        var closed = client.closeLater().toFuture();
        assertThat(closed).isNotDone();
        closing.countDown();

        assertThat(call).succeedsWithin(PATIENCE);
        assertThat(closed).succeedsWithin(PATIENCE);
        Eventually.until(() -> server.open() == 0);
    }

    @Test
    void speaksHttp2IfServerChoosesIt() {
        RawServer server = watched(RawServer.start(offering("h2", "http/1.1"), Http2Peer.script(Http2Peer::serve)));
        ApiClient client = secureClient(server, HttpVersion.NEGOTIATED);

        List<?> answers = Flux.range(0, 20)
                .flatMap(n -> client.value(request(Method.POST)), 20)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(20);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(client.inspect().explain(request(Method.GET))).contains("HTTP/2 or HTTP/1.1 as negotiated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", ""})
    void speaksHttp1IfServerDoesNotChooseHttp2(String offered) {
        RawServer server = watched(RawServer.start(offered.isEmpty() ? offering() : offering(offered), HTTP_1_1));
        ApiClient client = secureClient(server, HttpVersion.NEGOTIATED);

        List<?> answers = Flux.range(0, 20)
                .flatMap(n -> client.value(request(Method.POST)), 20)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(20);
        assertThat(client.inspect().connections())
                .singleElement()
                .extracting(ConnectionStats::pending)
                .isEqualTo(0);
    }

    @Test
    void speaksHttp1WithoutTlsIfVersionIsNegotiated() {
        RawServer server = server(HTTP_1_1);

        assertThat(client(server, ConnectionOptions.standard().withHttp(HttpVersion.NEGOTIATED))
                        .value(request(Method.GET))
                        .block(PATIENCE))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "", "spdy/3"})
    void sendsNothingToServerThatDoesNotChooseHttp2(String offered) {
        RawServer server = watched(RawServer.start(offered.isEmpty() ? offering() : offering(offered), HTTP_1_1));

        ApiException failure =
                failureOf(secureClient(server, HttpVersion.HTTP_2).value(request(Method.POST)));

        assertTold(failure, new Told(ErrorKind.TLS, null, Certainty.NOT_SENT, Retryability.PERMANENT, "HTTP/2", 0, 0));
        assertThat(failure.remedy()).contains("HttpVersion.NEGOTIATED");
        assertThat(server.requests()).isZero();
        Eventually.until(() -> server.open() == 0);
    }

    @ParameterizedTest
    @CsvSource({"http, true", "socks, true", "http, false", "socks, false"})
    void speaksHttp2ThroughProxy(String protocol, boolean secure) {
        RawServer.Script script = Http2Peer.script(Http2Peer::serve);
        RawServer origin = watched(secure ? RawServer.start(offering("h2"), script) : RawServer.start(script));
        boolean socks = protocol.equals("socks");
        RawServer proxy = server(socks ? TestProxy.socks(origin, null) : TestProxy.http(origin, null));
        ConnectionOptions options = HTTP_2.withTrusted(List.of(certificate.certificate()))
                .withProxy(
                        socks
                                ? ProxyOptions.socks5("127.0.0.1", proxy.port())
                                : ProxyOptions.http("127.0.0.1", proxy.port()));
        ApiClient client = client((secure ? "https://" : "http://") + origin.authority(), b -> b.connections(options));

        List<?> answers = Flux.range(0, 10)
                .flatMap(n -> client.value(request(Method.POST)), 10)
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(10);
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(origin.requests()).isEqualTo(10);
    }

    /** A server of HTTP/2 need not wait for the client (RFC 9113 §3.4). */
    @ParameterizedTest
    @ValueSource(strings = {"http", "socks"})
    void readsSettingsThatArriveWithAnswerOfProxy(String protocol) {
        boolean socks = protocol.equals("socks");
        RawServer proxy = server(peer -> {
            byte[] opened = "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            if (socks) {
                peer.body(3);
                peer.send(new byte[] {5, 0});
                peer.body(10);
                opened = new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0};
            } else {
                peer.head();
            }
            Http2Peer.after(opened, Http2Peer::serve).play(peer);
        });
        ConnectionOptions options = HTTP_2.withProxy(
                socks ? ProxyOptions.socks5("127.0.0.1", proxy.port()) : ProxyOptions.http("127.0.0.1", proxy.port()));
        ApiClient client = client("http://127.0.0.1:1", b -> b.connections(options));

        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(proxy.connections()).isEqualTo(1);
    }

    /** The limit holds for the sum of all headers, each of which counts 32 bytes more (RFC 9113 §6.5.2). */
    @ParameterizedTest
    @CsvSource({"1024, 6, true", "1024, 9, false", "100000, 730, true", "100000, 780, false"})
    void acceptsResponseHeadersUpToConfiguredLimit(int limit, int headers, boolean accepted) {
        RawServer server = server(Http2Peer.script(peer -> {
            String[] fields = new String[2 + 2 * headers];
            fields[0] = ":status";
            fields[1] = "200";
            for (int i = 2; i < fields.length; i += 2) {
                fields[i] = "x-pad";
                fields[i + 1] = "a".repeat(95); // 132 bytes each, and few in the block
            }
            for (; ; ) {
                int stream = peer.request().stream();
                peer.headers(stream, false, fields);
                peer.data(stream, true, Http2Peer.OK);
            }
        }));
        ApiClient client = client(server, HTTP_2.withMaxResponseHeaderBytes(limit));

        for (int i = 0; i < 2; i++) {
            if (accepted) {
                assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
            } else {
                assertThat(failureOf(client.value(request(Method.POST))))
                        .matches(ErrorKind.PROTOCOL_VIOLATION::matches)
                        .hasMessageContaining("response head of more than " + limit + " bytes")
                        .hasMessageContaining("raise maxResponseHeaderBytes");
            }
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void negotiatesWithEachImplementationOfTls(TlsEngine engine) {
        assumeTrue(engine == TlsEngine.JDK || OpenSsl.isAvailable(), "netty-tcnative is not there for this machine");
        RawServer server = watched(RawServer.start(offering("h2", "http/1.1"), Http2Peer.script(Http2Peer::serve)));
        RawServer old = watched(RawServer.start(offering("http/1.1"), HTTP_1_1));
        ConnectionOptions options =
                HTTP_2.withTrusted(List.of(certificate.certificate())).withTlsEngine(engine);

        assertThat(client("https://" + server.authority(), b -> b.connections(options))
                        .value(request(Method.POST))
                        .block(PATIENCE))
                .hasToString("{\"n\":1}");
        ApiException failure = failureOf(client("https://" + old.authority(), b -> b.connections(options))
                .value(request(Method.POST)));

        assertTold(failure, new Told(ErrorKind.TLS, null, Certainty.NOT_SENT, Retryability.PERMANENT, "HTTP/2", 0, 0));
        assertThat(failure.remedy()).contains("HttpVersion.NEGOTIATED");
    }

    /** The context that takes the place of another one offers HTTP/2 as well. */
    @Test
    void speaksHttp2AfterTrustedCertificatesHaveChanged(@TempDir Path elsewhere)
            throws IOException, GeneralSecurityException {
        TestCertificate next = TestCertificate.of(Files.createDirectory(elsewhere.resolve("next")), "ip:127.0.0.1");
        Path trusted = Files.writeString(elsewhere.resolve("trusted.pem"), certificate.pem());
        RawServer server = watched(RawServer.start(offering(next, "h2"), Http2Peer.script(Http2Peer::serve)));
        ApiClient client = client(
                "https://" + server.authority(),
                b -> b.connections(HTTP_2.withTrusted(trusted)).circuit(CircuitPolicy.off()));
        assertThat(failureOf(client.value(request(Method.POST)))).hasMessageContaining("is not trusted");

        try (LogCapture logs = LogCapture.of("io.penstock.tls").start()) {
            Files.writeString(trusted, next.pem());
            Eventually.asserted(() -> assertThatCode(
                            () -> client.value(request(Method.POST)).block(PATIENCE))
                    .doesNotThrowAnyException());
            assertThat(logs.text()).contains("certificates have changed");
        }
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void exchangesLargeBodiesWithServerOfReactorNetty() {
        int part = 64 * 1024;
        int parts = 48;
        String item = "{\"id\":7,\"pad\":\"" + "x".repeat(1000) + "\"}";
        DisposableServer netty = HttpServer.create()
                .host("127.0.0.1")
                .protocol(HttpProtocol.H2C)
                .compress(true)
                .route(routes -> routes.post(
                                "/files",
                                (request, response) -> response.header("content-type", "application/json")
                                        .sendString(request.receive()
                                                .map(ByteBuf::readableBytes)
                                                .reduce(0, Integer::sum)
                                                .map(bytes -> "{\"bytes\":" + bytes + "}")))
                        .get(
                                "/items",
                                (request, response) -> response.header("content-type", "application/json")
                                        .sendString(Flux.concat(
                                                Flux.just("[" + item),
                                                Flux.range(1, 4999).map(n -> "," + item),
                                                Flux.just("]")))))
                .bindNow();
        try {
            ApiClient client = client("http://127.0.0.1:" + netty.port(), b -> b.connections(HTTP_2));
            Flux<ByteBuffer> source = Flux.range(0, parts).map(n -> ByteBuffer.allocate(part));

            for (int round = 0; round < 2; round++) {
                assertThat(client.value(ApiRequest.post("files")
                                        .body(Upload.stream(source, "application/octet-stream")))
                                .block(PATIENCE))
                        .hasToString("{\"bytes\":" + part * parts + "}");
                assertThat(client.stream(ApiRequest.get("items").elements(Item.class))
                                .count()
                                .block(PATIENCE))
                        .isEqualTo(5000);
                assertThat(failureOf(client.value(request(Method.GET))).status())
                        .isEqualTo(404);
            }
            assertThat(client.inspect().connections())
                    .singleElement()
                    .satisfies(pool -> assertThat(pool.active() + pool.idle()).isEqualTo(1));
        } finally {
            netty.disposeNow();
        }
    }

    @Test
    void failsAllThatWaitForConnectionThatIsRefused() throws IOException {
        RawServer server = RawServer.start(Http2Peer.script(Http2Peer::serve));
        server.close();
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.connections(HTTP_2)
                        .circuit(CircuitPolicy.off())
                        .retry(RetryPolicy.standard().withMaxAttempts(1)));

        List<Object> failures = Flux.range(0, 50)
                .flatMap(
                        n -> client.value(request(Method.GET))
                                .cast(Object.class)
                                .onErrorResume(Mono::just),
                        50)
                .collectList()
                .block(PATIENCE);

        assertThat(failures)
                .hasSize(50)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.CONNECT)));
    }
}
