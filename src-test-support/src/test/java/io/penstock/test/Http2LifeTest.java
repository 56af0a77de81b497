package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.netty.handler.codec.http2.Http2Error;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The beginning and the end of shared connections: warm-up, own event loops, and clients that are closed. */
class Http2LifeTest extends FailureTable {

    private static final ConnectionOptions HTTP_2 = ConnectionOptions.standard()
            .withHttp(HttpVersion.HTTP_2)
            .withHttp2Limits(100, Duration.ofMinutes(10)); // no PING in a test that takes long
    private static final int CALLS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock");

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    private RawServer serving(String scheme, String protocol, RawServer.Script script) {
        return scheme.equals("https")
                ? watched(RawServer.start(Http2Test.offering(certificate, protocol), script))
                : server(script);
    }

    private ApiClient client(String scheme, RawServer server, HttpVersion version) {
        return client(
                scheme + "://" + server.authority(),
                b -> b.circuit(CircuitPolicy.off())
                        .connections(HTTP_2.withTrusted(List.of(certificate.certificate()))
                                .withHttp(version)));
    }

    private ApiClient client(RawServer server, HttpVersion version) {
        return client("http", server, version);
    }

    private static RawServer.Script speaking(String protocol) {
        return protocol.equals("h2")
                ? Http2Peer.script(Http2Peer::serve)
                : peer -> {
                    for (; ; ) {
                        peer.request();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
                    }
                };
    }

    private void arrives() {
        Eventually.until(() -> arrived.getCount() == 0);
    }

    private void watch(Mono<Void> closing) {
        closing.subscribe(v -> {}, e -> closed.add("error"), () -> closed.add("closed"));
    }

    private void assertClosed(ApiClient client, RawServer server) {
        Eventually.asserted(() -> assertThat(closed).containsExactly("closed"));
        assertThat(client.inspect().connections()).isEmpty();
        Eventually.until(() -> server.open() == 0);
    }

    private static CompletableFuture<List<Object>> calls(ApiClient client) {
        return Flux.range(0, CALLS)
                .flatMap(
                        n -> client.value(request(Method.POST))
                                .cast(Object.class)
                                .onErrorResume(Mono::just),
                        CALLS)
                .collectList()
                .toFuture();
    }

    private static void awaitLine(ApiClient client) {
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.pending() == CALLS));
    }

    @ParameterizedTest
    @CsvSource({"http, HTTP_2, h2", "https, HTTP_2, h2", "https, NEGOTIATED, h2", "https, NEGOTIATED, http/1.1"})
    void warmsUpOneConnectionWithoutRequest(String scheme, HttpVersion version, String protocol) {
        RawServer server = serving(scheme, protocol, speaking(protocol));
        ApiClient client = client(scheme, server, version);

        client.warmUp().block(PATIENCE);
        client.warmUp().block(PATIENCE);

        assertThat(server.requests()).isZero();
        assertThat(client.health().connections())
                .singleElement()
                .satisfies(pool -> assertThat(pool.idle()).isEqualTo(1));
        client.value(request(Method.POST)).block(PATIENCE);
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"http, HTTP_2, h2", "https, NEGOTIATED, h2", "https, NEGOTIATED, http/1.1"})
    void servesCallsThatWaitForConnectionOfWarmUp(String scheme, HttpVersion version, String protocol) {
        RawServer server = serving(scheme, protocol, peer -> {
            Http2Test.await(answers);
            speaking(protocol).play(peer);
        });
        ApiClient client = client(scheme, server, version);

        CompletableFuture<Void> warm = client.warmUp().toFuture();
        CompletableFuture<List<Object>> calls = calls(client);
        awaitLine(client);
        assertThat(warm).isNotDone();
        answers.countDown();

        assertThat(warm).succeedsWithin(PATIENCE);
        assertThat(calls)
                .succeedsWithin(PATIENCE)
                .satisfies(all -> assertThat(all)
                        .hasSize(CALLS)
                        .allSatisfy(answer -> assertThat(answer).hasToString("{\"n\":1}")));
        assertThat(server.connections()).isBetween(1, protocol.equals("h2") ? 1 : CALLS);
    }

    @Test
    void failsCallsThatWaitForConnectionOfFailedWarmUp() {
        RawServer server = server(peer -> {
            Http2Test.await(answers);
            peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            peer.fin();
        });
        ApiClient client = client(server, HttpVersion.HTTP_2);

        CompletableFuture<Void> warm = client.warmUp().toFuture();
        CompletableFuture<List<Object>> calls = calls(client);
        awaitLine(client);
        answers.countDown();

        assertThat(warm)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("the peer does not speak HTTP/2");
        assertThat(calls)
                .succeedsWithin(PATIENCE)
                .satisfies(all -> assertThat(all)
                        .hasSize(CALLS)
                        .allSatisfy(end -> assertThat(end)
                                .isInstanceOfSatisfying(
                                        ApiException.class,
                                        e -> assertTold(
                                                e,
                                                new Told(
                                                        ErrorKind.CONNECT,
                                                        null,
                                                        Certainty.NOT_SENT,
                                                        Retryability.PERMANENT,
                                                        "the peer does not speak HTTP/2",
                                                        0,
                                                        0)))));
        assertThat(server.connections()).isEqualTo(1);
        assertThat(log.takeWarnings()).hasSize(CALLS);
    }

    @Test
    void sharesConnectionOnLoopsOfItsOwn() {
        RawServer server = server(speaking("h2"));
        ClientResources resources = ClientResources.create(1);
        ApiClient client = client(
                "http://" + server.authority(), b -> b.connections(HTTP_2).resources(resources));
        AtomicReference<String> thread = new AtomicReference<>();

        client.value(request(Method.GET))
                .doOnNext(v -> thread.set(Thread.currentThread().getName()))
                .block(PATIENCE);
        assertThat(thread.get()).startsWith("penstock-");

        resources.closeLater().block(PATIENCE);
        assertThatObject(failureOf(client.value(request(Method.GET))).kind())
                .isIn(ErrorKind.CLIENT_CLOSED, ErrorKind.CONNECT);
        assertThat(server.requests()).isEqualTo(1);
        log.takeWarnings();
    }

    @Test
    void closeLaterWaitsForCallsOnSharedConnection() {
        RawServer server = server(Http2Peer.script(peer -> {
            List<Integer> streams = new ArrayList<>();
            while (streams.size() < CALLS) {
                streams.add(peer.request().stream());
            }
            arrived.countDown();
            Http2Test.await(answers);
            for (int stream : streams) {
                peer.answer(stream);
            }
            peer.raw().silence();
        }));
        ApiClient client = client(server, HttpVersion.HTTP_2);
        CompletableFuture<List<Object>> calls = calls(client);
        arrives();

        watch(client.closeLater());
        assertThat(closed).isEmpty();
        assertThat(server.open()).isEqualTo(1);
        answers.countDown();

        assertThat(calls)
                .succeedsWithin(PATIENCE)
                .satisfies(all -> assertThat(all)
                        .hasSize(CALLS)
                        .allSatisfy(answer -> assertThat(answer).hasToString("{\"n\":1}")));
        assertClosed(client, server);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void closeLaterClosesIdleConnection() {
        RawServer server = server(speaking("h2"));
        ApiClient client = client(server, HttpVersion.HTTP_2);
        client.value(request(Method.POST)).block(PATIENCE);

        watch(client.closeLater());

        assertClosed(client, server);
    }

    @Test
    void closeLaterWaitsForConnectionThatServerHasLeft() {
        RawServer server = server(Http2Peer.script(peer -> {
            int stream = peer.request().stream();
            peer.goAway(stream, Http2Error.NO_ERROR);
            peer.send(Http2Peer.PING, 0, 0, new byte[8]);
            peer.next(Http2Peer.PING); // the client has seen the GOAWAY
            arrived.countDown();
            Http2Test.await(answers);
            peer.answer(stream);
            peer.raw().silence();
        }));
        ApiClient client = client(server, HttpVersion.HTTP_2);
        CompletableFuture<?> call = client.value(request(Method.POST)).toFuture();
        arrives();

        watch(client.closeLater());
        assertThat(closed).isEmpty();
        answers.countDown();

        assertThat(call).succeedsWithin(PATIENCE);
        assertClosed(client, server);
    }

    @Test
    void closesConnectionThatWasBeingOpened() {
        RawServer server = server(peer -> {
            arrived.countDown();
            Http2Test.await(answers);
            speaking("h2").play(peer);
        });
        ApiClient client = client(server, HttpVersion.HTTP_2);
        CompletableFuture<List<Object>> calls = calls(client);
        arrives();

        watch(client.closeLater());
        assertThat(closed).isEmpty();
        answers.countDown();

        assertThat(calls)
                .succeedsWithin(PATIENCE)
                .satisfies(all -> assertThat(all)
                        .hasSize(CALLS)
                        .allSatisfy(end -> assertThat(end).isInstanceOfSatisfying(ApiException.class, e -> {
                            assertThatObject(e.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
                            assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
                        })));
        assertClosed(client, server);
        assertThat(server.requests()).isZero();
        assertThat(log.takeWarnings()).hasSize(CALLS);
    }

    @Test
    void endsStreamsAtLimitAndThenConnection() {
        AtomicInteger resets = new AtomicInteger();
        RawServer server = server(Http2Peer.script(peer -> {
            List<Integer> slow = new ArrayList<>();
            for (int i = 0; i < 2 * CALLS; i++) {
                Http2Peer.Request request = peer.request();
                if (request.path().equals("/slow")) {
                    slow.add(request.stream());
                }
            }
            arrived.countDown();
            Http2Test.await(answers);
            for (int stream : slow) {
                peer.answer(stream);
            }
            for (; ; ) {
                peer.next(Http2Peer.RST_STREAM);
                resets.incrementAndGet();
            }
        }));
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.scheduler(time)
                        .deadline(Duration.ofMinutes(10))
                        .attemptTimeout(Duration.ofMinutes(9))
                        .idleTimeout(Duration.ofMinutes(9))
                        .circuit(CircuitPolicy.off())
                        .connections(HTTP_2));
        List<Object> slow = new CopyOnWriteArrayList<>();
        List<Object> stalls = new CopyOnWriteArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            client.value(ApiRequest.post("slow")).subscribe(slow::add, slow::add);
            client.value(ApiRequest.post("stalls")).subscribe(stalls::add, stalls::add);
        }
        arrives();

        watch(client.closeGracefully(LIMIT));
        answers.countDown();
        Eventually.until(() -> slow.size() == CALLS);
        assertThat(stalls).isEmpty();
        assertThat(closed).isEmpty();
        assertThat(server.open()).isEqualTo(1);
        time.advanceTimeBy(LIMIT);

        assertClosed(client, server);
        assertThat(slow).allSatisfy(answer -> assertThat(answer).hasToString("{\"n\":1}"));
        assertThat(stalls)
                .hasSize(CALLS)
                .allSatisfy(end -> assertThat(end).isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThatObject(e.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
                    assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
                }));
        assertThat(resets).hasValue(CALLS);
        assertThat(log.takeWarnings()).hasSize(CALLS);
    }
}
