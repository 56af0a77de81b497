package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * 2 000 calls while the server is replaced ten times, in the middle of its answers, and the client twice, gracefully. A
 * caller repeats what was surely not sent, and what is safe to repeat, as an application does.
 */
@ExtendWith(NoBufferLeaks.class)
class RollingRestartTest {

    private static final int CALLS = 2_000;
    private static final int AT_ONCE = 32;
    private static final int SERVERS = 10;
    private static final int DRAINS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock", "io.netty", "reactor.core");

    private final Set<String> effects = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicReference<ApiClient> current = new AtomicReference<>();
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private int port;
    private RawServer server;

    /** Has the effect of a request before it answers: a close in between loses the answer only. */
    private void serve(RawServer.Peer peer) throws IOException {
        for (; ; ) {
            act(peer.head().split(" ", 3)[1]);
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
    }

    /** The same on a connection of HTTP/2, where all calls that wait for an answer lose it together. */
    private void serveShared(Http2Peer peer) throws IOException {
        for (; ; ) {
            Http2Peer.Request request = peer.request();
            act(request.path());
            peer.answerAtOnce(request.stream());
        }
    }

    private void act(String path) {
        effects.add(path.substring(path.lastIndexOf('/') + 1));
    }

    private RawServer replacement() {
        return RawServer.start(
                new ServerSocketFactory() {
                    @Override
                    public ServerSocket createServerSocket(int ignored) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public ServerSocket createServerSocket(int ignored, int backlog) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public ServerSocket createServerSocket(int ignored, int backlog, InetAddress at)
                            throws IOException {
                        ServerSocket socket = new ServerSocket();
                        socket.setReuseAddress(true);
                        socket.bind(new InetSocketAddress(at, port), backlog);
                        return socket;
                    }
                },
                version == HttpVersion.HTTP_1_1 ? this::serve : Http2Peer.script(this::serveShared));
    }

    private ApiClient newClient() {
        return ApiClient.builder(VendorSpec.generic("api", URI.create("http://127.0.0.1:" + port)))
                .connections(ConnectionOptions.standard().withHttp(version))
                .retry(RetryPolicy.standard()
                        .withMaxAttempts(50)
                        .withBudgetShare(1)
                        .withBackoff(new Backoff(Duration.ofMillis(5), 1.5, Duration.ofMillis(100), 0.25)))
                .build();
    }

    /** Calls until the outcome is known, and checks each outcome against the effects. */
    private Mono<String> order(int number) {
        boolean safe = number % 2 == 0;
        String id = "order" + number;
        ApiRequest<?> request = ApiRequest.of(safe ? Method.PUT : Method.POST, "orders/" + id);
        return Mono.defer(() -> current.get().execute(request))
                .map(response -> {
                    check(effects.contains(id), id + " succeeded without effect");
                    return "done";
                })
                .onErrorResume(ApiException.class, e -> {
                    check(!effects.contains(id) || e.certainty().mayHaveActed() || safe, id + " had an effect: " + e);
                    check(effects.contains(id) || e.certainty() != Certainty.PROCESSED, id + " had no effect: " + e);
                    boolean again = e.certainty() == Certainty.NOT_SENT || safe;
                    check(again || e.certainty() == Certainty.MAYBE_PROCESSED, id + " failed: " + e);
                    check(e.kind() != ErrorKind.DEADLINE_EXCEEDED, id + " took too long: " + e);
                    return again ? order(number) : Mono.just("unknown");
                });
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }

    private void replaceServer() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.until(() -> {
            try {
                server = replacement();
                return true;
            } catch (UncheckedIOException e) {
                return false; // a thread still accepts on the old socket
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void losesNoCallWhileServersAndClientsAreReplaced(HttpVersion spoken) throws IOException {
        version = spoken;
        server = replacement();
        port = server.port();
        current.set(newClient());
        Mono<Long> calls = Flux.range(0, CALLS)
                .flatMap(number -> order(number).doOnNext(end -> ended.incrementAndGet()), AT_ONCE)
                .count()
                .cache();
        calls.subscribe();

        for (int i = 1; i <= SERVERS; i++) {
            int part = i * CALLS / (SERVERS + 1);
            Eventually.until(() -> ended.get() >= part);
            replaceServer();
            if (i % (SERVERS / DRAINS) == 0) {
                ApiClient old = current.getAndSet(newClient());
                old.closeGracefully(Duration.ofSeconds(30)).block(PATIENCE);
                assertThat(old.health().calls().active()).isZero();
                assertThat(old.inspect().connections()).isEmpty();
            }
        }

        assertThat(calls.block(PATIENCE)).as("calls that ended").isEqualTo(CALLS);
        assertThat(wrong).isEmpty();
        current.get().closeLater().block(PATIENCE);
        server.close();
        assertThat(log.takeWarnings())
                .extracting(LogCapture.Captured::logger)
                .allSatisfy(logger -> assertThat(logger)
                        .as("the ends of calls, and no task of an event loop that failed")
                        .startsWith("io.penstock"));
    }
}
