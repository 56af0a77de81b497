package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitState.Phase;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Calls that wait over real sockets, with BlockHound on every event loop: every call is answered in the end, and the
 * server is not flooded.
 */
class PatienceOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final RetryPolicy QUICK =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(100), 0.25));

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final HeldPort port = HeldPort.take();
    private volatile boolean down;
    private volatile int slots = Integer.MAX_VALUE;
    private DisposableServer server = start();
    private final ApiClient client = ApiClient.builder(
                    VendorSpec.generic("api", URI.create("http://127.0.0.1:" + port.number())))
            .retry(QUICK)
            .build();

    PatienceOverSocketsTest() throws IOException {}

    private DisposableServer start() {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port.number())
                .handle(this::answer)
                .bindNow();
    }

    /** Refuses at once while down or out of slots; each accepted request holds a slot for a moment. */
    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        received.incrementAndGet();
        boolean refused = down || underWay.incrementAndGet() > slots;
        if (refused && !down) {
            underWay.decrementAndGet();
        }
        return refused
                ? response.status(503).send()
                : Mono.delay(Duration.ofMillis(5))
                        .doFinally(end -> underWay.decrementAndGet())
                        .then(response.sendByteArray(Mono.just(new byte[] {'{', '}'}))
                                .then());
    }

    @AfterEach
    void stop() throws IOException {
        client.closeLater().block(PATIENCE);
        server.disposeNow();
        port.close();
    }

    private CompletableFuture<Long> calls(int number) {
        return Flux.range(0, number)
                .flatMap(
                        i -> client.execute(ApiRequest.get("work").deadline(DEADLINE))
                                .doOnError(errors::add)
                                .onErrorComplete(),
                        number)
                .count()
                .toFuture();
    }

    private void awaitTrials() {
        Eventually.until(
                () -> client.inspect().circuits().stream().anyMatch(circuit -> circuit.phase() != Phase.CLOSED));
        Eventually.until(() -> client.inspect().circuits().stream().anyMatch(circuit -> circuit.phase() == Phase.OPEN));
    }

    @Test
    void losesNoCallWhileServerAnswers503() {
        down = true;
        CompletableFuture<Long> calls = calls(400);
        awaitTrials();
        down = false;

        assertThat(Mono.fromFuture(calls).block(PATIENCE)).isEqualTo(400);
        assertThat(errors).isEmpty();
    }

    @Test
    void losesNoCallWhileNothingListens() {
        server.disposeNow();
        CompletableFuture<Long> calls = calls(400);
        awaitTrials();
        server = start();

        assertThat(Mono.fromFuture(calls).block(PATIENCE)).isEqualTo(400);
        assertThat(errors).isEmpty();
        assertThat(received.get()).as("nothing was sent in vain").isEqualTo(400);
    }

    @Test
    void losesNoCallWhenServerHasFewSlots() {
        slots = 2;

        assertThat(Mono.fromFuture(calls(60)).block(PATIENCE)).isEqualTo(60);
        assertThat(errors).isEmpty();
    }

    @Test
    void keepsNothingOfCallsCancelledInQueue() {
        down = true;
        CompletableFuture<Long> calls = calls(1_000);
        awaitTrials();
        calls.cancel(true);
        down = false;
        int before = received.get();

        assertThat(Mono.fromFuture(calls(10)).block(PATIENCE)).isEqualTo(10);
        assertThat(received.get() - before)
                .as("none of those in line; what was on its way may arrive later")
                .isLessThanOrEqualTo(10 + ConnectionOptions.standard().pool().maxConnections());
        Eventually.asserted(() -> assertThat(client.inspect().connections()).allMatch(pool -> pool.active() == 0));
    }
}
