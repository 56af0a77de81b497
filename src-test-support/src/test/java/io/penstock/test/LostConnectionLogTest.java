package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ConnectionOptions;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A failed connection is logged once, as the failure of its call; Reactor and Netty log no warning. */
@Tag("slow")
class LostConnectionLogTest extends FailureTable {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"name\": \"on";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    record Item(int id) {}

    /** A way in which a connection fails. */
    record Scenario(String name, RawServer.Script script) {

        @Override
        public String toString() {
            return name;
        }
    }

    @RegisterExtension
    final LogCapture wire = LogCapture.of("reactor", "io.netty");

    @RegisterExtension
    final LogCapture calls = LogCapture.of("io.penstock.call").at(Level.DEBUG);

    /** Waits until both ends have let go of every connection, since a warning may come with the last event of one. */
    private void assertQuiet(ApiClient client, RawServer server) {
        client.closeLater().block(PATIENCE);
        Eventually.until(() -> server.open() == 0);
        assertThat(wire.takeWarnings()).isEmpty();
    }

    private void assertCallsLogged(int count) {
        calls.takeWarnings();
        assertThat(calls.entries()).as("entries of the calls").hasSize(count);
    }

    private static Stream<Scenario> failures() {
        return Stream.of(
                scenario("FIN before the response", "", true),
                scenario("RST before the response", "", false),
                scenario("FIN inside the head", "HTTP/1.1 200 OK\r\nContent-Le", true),
                scenario("RST inside the head", "HTTP/1.1 200 OK\r\nContent-Le", false),
                scenario("RST after 103 Early Hints", "HTTP/1.1 103 Early Hints\r\n\r\n", false),
                scenario("FIN inside the body", HALF, true),
                scenario("RST inside the body", HALF, false),
                scenario("FIN inside a chunk", CHUNKED + "50\r\n{", true),
                scenario("RST inside a chunk", CHUNKED + "50\r\n{", false),
                scenario("FIN inside the body of a 422", HALF.replace("200 OK", "422 No"), true),
                scenario("RST inside the body of a 422", HALF.replace("200 OK", "422 No"), false),
                scenario("garbage", "\u0000\u0001 this is no HTTP \u007f\r\n\r\n", true),
                scenario("garbage, then RST", "\u0000\u0001 this is no HTTP \u007f\r\n\r\n", false),
                scenario("101 that was not asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n", true),
                scenario("a chunk size that is no number", CHUNKED + "zz\r\n{}\r\n0\r\n\r\n", true),
                scenario("a head that is too long", "HTTP/1.1 200 " + "a".repeat(40 * 1024) + "\r\n\r\n", true),
                scenario("a body that is no gzip", gzipped("no gzip, and more than one part of it".repeat(4000)), true),
                scenario("a body that is no gzip, then RST", gzipped("no gzip".repeat(4000)), false));
    }

    private static String gzipped(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Scenario scenario(String name, String answer, boolean orderly) {
        return new Scenario(name, peer -> {
            peer.request();
            peer.send(answer);
            end(peer, orderly);
        });
    }

    private static void end(RawServer.Peer peer, boolean orderly) throws IOException {
        if (orderly) {
            peer.fin();
        } else {
            peer.rst();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void logsTheCallAlone(Scenario scenario) {
        RawServer server = server(scenario.script());
        ApiClient client = client(server);

        failureOf(client.value(request(Method.GET)));

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void logsTheStreamAlone(Scenario scenario) {
        RawServer server = server(scenario.script());
        ApiClient client = client(server);

        failureOf(client.stream(ApiRequest.get("items").elements(Item.class)).then());

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isQuietWhenAStreamThatIsNotReadLosesItsConnection(boolean orderly) throws InterruptedException {
        CountDownLatch more = new CountDownLatch(1);
        RawServer server = server(peer -> {
            peer.request();
            peer.send(CHUNKED + "a\r\n[{\"id\":1},\r\n");
            for (int i = 0; i < 50; i++) {
                peer.send("9\r\n{\"id\":2},\r\n");
            }
            end(peer, orderly);
        });
        ApiClient client = client(server);
        CountDownLatch ended = new CountDownLatch(1);
        BaseSubscriber<Item> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(1);
            }

            @Override
            protected void hookOnNext(Item item) {
                more.countDown();
            }

            @Override
            protected void hookOnError(Throwable failure) {
                ended.countDown();
            }
        };

        client.stream(ApiRequest.get("items").elements(Item.class)).subscribe(slow);
        assertThat(more.await(30, TimeUnit.SECONDS)).isTrue();
        Eventually.until(() -> orderly || server.open() == 0);
        slow.request(Long.MAX_VALUE);

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"name\": \"on"})
    void isQuietWhenACancelledCallLosesItsConnection(String answer) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        RawServer server = server(peer -> {
            peer.request();
            peer.send(answer);
            asked.countDown();
            while (cancelled.getCount() > 0) {
                peer.pause(1);
            }
            peer.rst();
        });
        ApiClient client = client(server);

        Disposable call = client.value(request(Method.GET)).subscribe();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        call.dispose();
        cancelled.countDown();

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", OK, "no HTTP\r\n\r\n"})
    void isQuietWhenAnIdleConnectionFails(String unasked) {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK);
            peer.pause(30);
            peer.send(unasked);
            peer.rst();
        });
        ApiClient client = client(server);

        for (int i = 0; i < 2; i++) {
            client.value(request(Method.GET)).block(PATIENCE);
            Eventually.until(() -> server.open() == 0);
        }

        assertQuiet(client, server);
        assertCallsLogged(2);
    }

    /** The request meets a connection that the server has just closed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isQuietWhenAReusedConnectionIsClosed(boolean orderly) {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK);
            peer.request();
            end(peer, orderly);
        });
        ApiClient client = client(server);
        client.value(request(Method.POST)).block(PATIENCE);
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.idle() == 1));

        failureOf(client.value(request(Method.POST)));

        assertQuiet(client, server);
        assertCallsLogged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIN", "RST", "413 FIN", "413 RST"})
    void logsTheUploadAlone(String how) {
        RawServer server = server(peer -> {
            peer.head();
            peer.body(20_000);
            if (how.startsWith("413")) {
                peer.send("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
            }
            end(peer, how.endsWith("FIN"));
        });
        ApiClient client = client(server);
        Flux<ByteBuffer> bytes = Flux.range(0, 600).map(i -> ByteBuffer.allocate(16_384));

        failureOf(client.execute(
                ApiRequest.put("files").body(Upload.stream(bytes, 600 * 16_384, "application/octet-stream"))));

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logsARequestThatCouldNotBeWrittenAlone(boolean orderly) {
        RawServer server = server(peer -> {
            peer.head();
            end(peer, orderly);
        });
        ApiClient client = client(server);

        failureOf(client.value(ApiRequest.post("files").body(new byte[8 << 20], "application/octet-stream")));

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    static Stream<Scenario> handshakes() {
        return Stream.of(
                new Scenario("a peer that speaks plain text", peer -> {
                    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                    peer.silence();
                }),
                new Scenario("a peer that never answers the handshake", RawServer.Peer::silence),
                new Scenario("FIN inside the handshake", RawServer.Peer::fin),
                new Scenario("RST inside the handshake", RawServer.Peer::rst));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void logsAFailedHandshakeAsTheCallAlone(Scenario scenario) {
        RawServer server = server(scenario.script());
        ApiClient client = client(
                "https://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard().withTlsTimeout(Duration.ofMillis(500))));

        failureOf(client.value(request(Method.GET)));

        assertQuiet(client, server);
        assertCallsLogged(1);
    }

    @Test
    void logsUntrustedCertificateAsTheCallAlone(@TempDir Path directory) {
        TestCertificate certificate = TestCertificate.of(directory, "ip:127.0.0.1");
        RawServer server =
                watched(RawServer.start(certificate.server().getServerSocketFactory(), RawServer.Peer::request));
        ApiClient client = client("https://" + server.authority(), b -> b);

        failureOf(client.value(request(Method.GET)));

        assertQuiet(client, server);
        assertCallsLogged(1);
    }
}
