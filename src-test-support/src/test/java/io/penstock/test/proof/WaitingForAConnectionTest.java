package io.penstock.test.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.Eventually;
import io.penstock.test.NoBufferLeaks;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

/** Calls that end before they have a connection: they were not sent, report that, and leave nothing behind. */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
@ExtendWith(NoBufferLeaks.class)
class WaitingForAConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(60);

    /** How the wait ends. */
    enum End {
        CANCEL,
        TIMEOUT,
        CLOSE
    }

    static Stream<Arguments> everyShapeAndEnd() {
        return Stream.of(RequestShape.values())
                .flatMap(shape -> Stream.of(End.values()).map(end -> Arguments.of(shape, end)));
    }

    @ParameterizedTest
    @MethodSource("everyShapeAndEnd")
    void sendsNothingWhileWaitingForPool(RequestShape shape, End end) throws IOException {
        AtomicInteger connections = new AtomicInteger();
        List<Socket> accepted = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> {
                try {
                    while (true) {
                        accepted.add(server.accept());
                        connections.incrementAndGet();
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            acceptor.start();
            ApiClient client = client(server.getLocalPort(), shape);
            Disposable holder = client.value(ApiRequest.get("holds-the-only-connection"))
                    .onErrorComplete()
                    .subscribe();
            Eventually.until(() -> connections.get() == 1);

            assertNotSent(client, shape, end);

            assertThat(connections.get()).as("a second connection").isEqualTo(1);
            holder.dispose();
            assertNothingInUse(client);
        }
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @ParameterizedTest
    @MethodSource("everyShapeAndEnd")
    void sendsNothingWhileConnecting(RequestShape shape, End end) throws IOException {
        List<SocketChannel> crowd = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // No connection is accepted: when the backlog is full, the system ignores further attempts to connect.
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                crowd.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(full.getLocalSocketAddress());
            }
            ApiClient client = client(full.getLocalPort(), shape);

            assertNotSent(client, shape, end);

            assertNothingInUse(client);
        } finally {
            for (SocketChannel waiting : crowd) {
                waiting.close();
            }
        }
    }

    private static ApiClient client(int port, RequestShape shape) {
        URI base = URI.create("http://127.0.0.1:" + port + "/v1/");
        return ApiClient.builder(VendorSpec.generic("proof", base).withKeyPlacement(shape.keyPlacement()))
                .withoutGate() // a gate would keep the calls from reaching the pool
                .connections(ConnectionOptions.standard()
                        .withPool(1, 10, PATIENCE)
                        .withConnectTimeout(SHORT.multipliedBy(3)))
                .retry(RetryPolicy.standard()
                        .withMaxAttempts(2)
                        .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)))
                .circuit(CircuitPolicy.off())
                .attemptTimeout(PATIENCE)
                .build();
    }

    private static void assertNotSent(ApiClient client, RequestShape shape, End end) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Disposable call = client.execute(end == End.TIMEOUT ? shape.request().deadline(SHORT) : shape.request())
                .subscribe(response -> {}, failure::set);
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(p -> p.pending() + p.active() > 0)
                || failure.get() != null);
        switch (end) {
            case CANCEL -> call.dispose();
            case CLOSE -> client.close();
            case TIMEOUT -> {}
        }
        if (end == End.CANCEL) {
            assertThat(call.isDisposed()).isTrue();
            return;
        }
        Eventually.until(() -> failure.get() != null);
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.certainty())
                                .as(e.journey().timeline())
                                .isEqualTo(Certainty.NOT_SENT));
    }

    private static void assertNothingInUse(ApiClient client) {
        Eventually.asserted(() -> assertThat(client.inspect().connections())
                .allSatisfy(pool -> assertThat(pool.active() + pool.pending()).isZero()));
        client.closeLater().block(PATIENCE);
    }
}
