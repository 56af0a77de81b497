package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;
import tools.jackson.databind.JsonNode;

/** Event loops, timers and DNS clients that belong to some clients only. */
class ClientResourcesTest extends FailureTable {

    private static final RawServer.Script SERVE = peer -> {
        for (; ; ) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
        }
    };

    @TempDir
    Path directory;

    private static String threadOf(ApiClient client) {
        AtomicReference<String> thread = new AtomicReference<>();
        client.value(request(Method.GET))
                .doOnNext(v -> thread.set(Thread.currentThread().getName()))
                .block(PATIENCE);
        return thread.get();
    }

    @Test
    void runsClientsOnSharedLoops() {
        RawServer server = server(SERVE);
        ClientResources resources = ClientResources.create(1);
        ApiClient first = client("http://localhost:" + server.port(), b -> b.resources(resources));
        ApiClient second = client("http://localhost:" + server.port(), b -> b.resources(resources));

        assertThat(threadOf(first)).startsWith("penstock-").isEqualTo(threadOf(second));

        first.closeLater().block(PATIENCE);
        assertThat(threadOf(second)).startsWith("penstock-");
        second.closeLater().block(PATIENCE);
        resources.closeLater().block(PATIENCE);
        resources.closeLater().block(PATIENCE);
    }

    @Test
    void stopsOwnThreadsWithClient() {
        RawServer server = server(SERVE);
        ApiClient client = client("http://" + server.authority(), b -> b.ownResources());
        String thread = threadOf(client);

        client.closeLater().block(PATIENCE);

        Eventually.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.isAlive() && t.getName().equals(thread)));
    }

    @Test
    void failsCallsOfClosedResources() {
        RawServer server = server(SERVE);
        ClientResources resources = ClientResources.create(1);
        ApiClient client = client("http://" + server.authority(), b -> b.resources(resources));
        resources.closeLater().block(PATIENCE);

        assertThatObject(failureOf(client.value(request(Method.GET))).kind())
                .isIn(ErrorKind.CLIENT_CLOSED, ErrorKind.CONNECT);
        assertThat(server.requests()).isZero();
    }

    @Test
    void rejectsNumberOfLoopsBelowOne() {
        assertThatThrownBy(() -> ClientResources.create(0)).hasMessageContaining("eventLoops: 0 (expected: >= 1)");
    }

    /** Opens the connection that the first call then uses, and sends nothing. */
    @Test
    void warmsUpConnectionWithoutRequest() {
        RawServer server = server(SERVE);
        ApiClient client = client(server);

        client.warmUp().block(PATIENCE);
        client.warmUp().block(PATIENCE);

        Eventually.until(() -> server.connections() == 1);
        assertThat(server.requests()).isZero();
        assertThat(client.health().connections())
                .singleElement()
                .satisfies(pool -> assertThat(pool.idle()).isEqualTo(1));
        client.value(request(Method.POST)).block(PATIENCE);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void warmsUpTls() {
        TestCertificate certificate = TestCertificate.of(directory, "ip:127.0.0.1");
        RawServer server =
                watched(RawServer.start(certificate.server().getServerSocketFactory(), RawServer.Peer::silence));
        ApiClient client = client(
                "https://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard().withTrusted(List.of(certificate.certificate()))));

        client.warmUp().block(PATIENCE);

        assertThat(client.health().connections())
                .singleElement()
                .satisfies(pool -> assertThat(pool.idle()).isEqualTo(1));
    }

    @Test
    void failsWarmUpAsCallWould() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            ApiClient client = client("http://127.0.0.1:" + port.number(), b -> b);

            assertThat(failureOf(client.warmUp())).hasMessageContaining("connection refused");
            assertThat(client.health().connections()).isEmpty();
        }
    }

    /** In a process of its own, because it takes away what all tests here use. */
    @Test
    void outlivesDisposalOfGlobalResources() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send(
                        requests.incrementAndGet() == 2
                                ? "HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n{}"
                                : "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
            }
        });
        Path result = directory.resolve("result");
        ChildJvm.run(Duration.ofMinutes(2), List.of(), Caller.class, server.authority(), result.toString());

        assertThat(Files.readString(result)).isEqualTo("{\"n\":1} after 2 attempts");
        assertThat(server.connections())
                .as("its connection has outlived them, too")
                .isEqualTo(1);
    }

    /** The process that calls. */
    static final class Caller {

        private Caller() {}

        /**
         * Disposes Reactor's resources between two calls, the second of which is retried on the client's timer.
         *
         * @param args the address of the server, and the file for the outcome
         */
        public static void main(String[] args) throws IOException {
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("api", URI.create("http://" + args[0])))
                    .ownResources()
                    .retry(TWICE)
                    .build()) {
                client.execute(request(Method.GET)).block(PATIENCE);

                HttpResources.disposeLoopsAndConnectionsLater().block(PATIENCE);
                Schedulers.shutdownNow();

                ApiResponse<JsonNode> response = Objects.requireNonNull(
                        client.execute(request(Method.GET)).block(PATIENCE), "no response");
                Files.writeString(
                        Path.of(args[1]),
                        response.value() + " after "
                                + response.journey().attempts().size() + " attempts");
            }
        }
    }
}
