package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.http.Method;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Failures before a request reaches a connection: nothing was sent, so transient ones are retried for every method. */
@Tag("slow")
class NoConnectionTest extends FailureTable {

    private static final ConnectionOptions STANDARD = ConnectionOptions.standard();
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";
    private static final RawServer.Script SERVE = peer -> {
        for (; ; ) {
            peer.request();
            peer.send(OK);
        }
    };

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeACertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    private static Told transientFailure(ErrorKind kind, Phase phase, String message) {
        return new Told(kind, phase, NOT_SENT, TRANSIENT, message, 2, 2);
    }

    private static Told permanentFailure(ErrorKind kind, String message) {
        return new Told(kind, null, NOT_SENT, PERMANENT, message, 1, 1);
    }

    private void assertNothingSent(
            String baseUri, UnaryOperator<ApiClientBuilder> configuration, Method method, Told told) {
        ApiException failure = failureOf(client(baseUri, configuration).value(request(method)));

        assertTold(failure, told);
        assertThat(failure.journey().attempts()).hasSize(told.sends(method));
        assertThat(failure.status()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void reportsNothingSentWhenConnectionIsRefused(Method method) throws IOException {
        try (HeldPort port = HeldPort.take()) {
            assertNothingSent(
                    "http://127.0.0.1:" + port.number(),
                    b -> b,
                    method,
                    transientFailure(ErrorKind.CONNECT, null, "connection refused"));
        }
    }

    /** A host that answers no SYN, as one behind a dropping firewall: a listener whose queue is full. */
    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void reportsNothingSentWhenHostDoesNotAnswer(Method method) throws IOException {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, fillers);

            assertNothingSent(
                    "http://127.0.0.1:" + full.getLocalPort(),
                    b -> b.connections(STANDARD.withConnectTimeout(Duration.ofMillis(150))),
                    method,
                    transientFailure(ErrorKind.CONNECT, Phase.CONNECT, "connecting took longer than 150 ms"));
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    static void fill(ServerSocket full, List<SocketChannel> fillers) throws IOException {
        for (int i = 0; i < 16; i++) {
            SocketChannel filler = SocketChannel.open();
            fillers.add(filler);
            filler.configureBlocking(false);
            filler.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void reportsNothingSentWhenNameIsNotResolved(Method method) {
        assertNothingSent(
                "http://no-such-host.invalid",
                b -> b,
                method,
                transientFailure(ErrorKind.CONNECT, null, "host name not resolved"));
    }

    private RawServer tlsServer(TestCertificate other) {
        return watched(RawServer.start(other.server().getServerSocketFactory(), SERVE));
    }

    @Test
    void rejectsUntrustedCertificate() {
        RawServer server = tlsServer(certificate);

        assertNothingSent(
                "https://" + server.authority(),
                b -> b,
                Method.GET,
                permanentFailure(ErrorKind.TLS, "certificate is not trusted"));
        assertThat(server.requests()).isZero();
    }

    @Test
    void rejectsCertificateForAnotherHost(@TempDir Path elsewhere) {
        TestCertificate other = TestCertificate.of(elsewhere, "dns:other.example");
        RawServer server = tlsServer(other);

        assertNothingSent(
                "https://" + server.authority(),
                b -> b.connections(STANDARD.withTrusted(List.of(other.certificate()))),
                Method.GET,
                permanentFailure(ErrorKind.TLS, "not made out to this host"));
        assertThat(server.requests()).isZero();
    }

    @Test
    void trustsConfiguredAuthority(@TempDir Path elsewhere) throws IOException, GeneralSecurityException {
        RawServer server = tlsServer(certificate);
        ConnectionOptions trusting = STANDARD.withTrusted(certificate.pem(elsewhere));

        ApiClient client = client("https://" + server.authority(), b -> b.connections(trusting));

        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
        assertThat(client.inspect().explain(request(Method.GET))).contains("trusts 1 certificate");
    }

    static Stream<Row> handshakes() {
        return Stream.of(
                Row.of(
                        "a peer that speaks plain text",
                        peer -> {
                            peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                            peer.silence();
                        },
                        permanentFailure(ErrorKind.TLS, "does not speak TLS")),
                new Row(
                        "a peer that never answers the handshake",
                        RawServer.Peer::silence,
                        b -> b.connections(STANDARD.withTlsTimeout(Duration.ofMillis(150))),
                        transientFailure(ErrorKind.TLS, Phase.TLS, "TLS handshake took longer than 150 ms")),
                Row.of(
                        "FIN inside the handshake",
                        RawServer.Peer::fin,
                        transientFailure(ErrorKind.TLS, null, "connection lost inside the TLS handshake")),
                Row.of(
                        "RST inside the handshake",
                        RawServer.Peer::rst,
                        transientFailure(ErrorKind.TLS, null, "connection lost inside the TLS handshake")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void reportsNothingSentWhenHandshakeFails(Row row) {
        RawServer server = server(row.script());

        assertNothingSent("https://" + server.authority(), row.configuration(), Method.POST, row.told());
        Eventually.until(() -> server.connections() >= row.told().posts());
        assertThat(server.connections()).isEqualTo(row.told().posts());
    }

    /** Returns a client with one connection and a queue of the given size; there is no gate before the pool. */
    private ApiClient busyClient(RawServer server, int room, Duration acquire) {
        return client(
                "http://" + server.authority(), b -> b.withoutGate().connections(STANDARD.withPool(1, room, acquire)));
    }

    private static Disposable occupy(ApiClient client) {
        Disposable busy = client.value(request(Method.GET)).onErrorComplete().subscribe();
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.active() == 1));
        return busy;
    }

    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void reportsPoolExhaustedAfterAcquireTimeout(Method method) {
        RawServer server = server(RawServer.Peer::silence);
        ApiClient client = busyClient(server, 1, Duration.ofMillis(100));
        Disposable busy = occupy(client);

        ApiException failure = failureOf(client.value(request(method)));

        assertTold(
                failure,
                transientFailure(
                        ErrorKind.POOL_EXHAUSTED,
                        Phase.QUEUE,
                        "waiting for a connection of the pool took longer than 100 ms"));
        assertThat(failure.journey().attempts()).hasSize(2);
        busy.dispose();
    }

    /** Of two calls, one waits and the other is refused; the order is up to the pool. */
    @ParameterizedTest
    @EnumSource(names = {"GET", "POST"})
    void reportsPoolExhaustedWhenQueueIsFull(Method method) {
        RawServer server = server(RawServer.Peer::silence);
        ApiClient client = busyClient(server, 1, LONG);
        Disposable busy = occupy(client);

        ApiException failure =
                failureOf(Mono.firstWithSignal(client.value(request(method)), client.value(request(method))));

        assertTold(
                failure,
                transientFailure(
                        ErrorKind.POOL_EXHAUSTED,
                        null,
                        "too many requests wait for a connection of the pool (at most 1)"));
        assertThat(failure.journey().attempts()).hasSize(2);
        busy.dispose();
    }

    private static final Told CLOSED = permanentFailure(ErrorKind.CLIENT_CLOSED, "the client is closed");

    @Test
    void failsCallsOfClosedClient() {
        RawServer server = server(SERVE);
        ApiClient client = client(server);
        client.value(request(Method.GET)).block(PATIENCE);
        client.closeLater().block(PATIENCE);

        assertTold(failureOf(client.value(request(Method.GET))), CLOSED);
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void failsQueuedCallWhenClientCloses() {
        RawServer server = server(RawServer.Peer::silence);
        ApiClient client = busyClient(server, 1, LONG);
        Disposable busy = occupy(client);
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        client.value(request(Method.POST)).subscribe(v -> {}, errors::add);

        client.close();

        Eventually.until(() -> !errors.isEmpty());
        assertTold((ApiException) errors.get(0), CLOSED);
        busy.dispose();
    }

    /** A disposed pool would quietly open anew for a call that was just about to ask for a connection. */
    @Test
    void leavesNoConnectionOpenWhenClosedDuringCalls() throws InterruptedException {
        RawServer server = server(SERVE);
        for (int round = 0; round < 40; round++) {
            ApiClient client = client(server);
            List<Throwable> errors = new CopyOnWriteArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread caller = new Thread(() -> {
                    for (int n = 0; n < 20; n++) {
                        client.value(request(Method.POST))
                                .doOnError(errors::add)
                                .onErrorComplete()
                                .block(PATIENCE);
                    }
                });
                callers.add(caller);
                caller.start();
            }
            client.close();
            for (Thread caller : callers) {
                caller.join();
            }

            assertThat(errors).allSatisfy(e -> {
                assertThatObject(((ApiException) e).kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
                assertThat(((ApiException) e).certainty()).isEqualTo(NOT_SENT);
            });
        }

        Eventually.until(() -> server.open() == 0);
    }
}
