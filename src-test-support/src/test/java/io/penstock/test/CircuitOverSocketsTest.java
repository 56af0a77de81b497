package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.CircuitState.Phase;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Circuits over real sockets, with BlockHound on every event loop: a contended lock would fail a call. */
class CircuitOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Longer than any wait in this test, so that the end of a hanging attempt never ends the wait of another. */
    private static final Duration HANGING = Duration.ofMinutes(2);

    private final AtomicInteger received = new AtomicInteger();
    private volatile int status = 200;
    private volatile boolean silent;
    private final HeldPort port = HeldPort.take();
    private DisposableServer server = start();
    private final ApiClient client = client(CircuitPolicy.standard().failFast());

    CircuitOverSocketsTest() throws IOException {}

    private DisposableServer start() {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port.number())
                .handle(this::answer)
                .bindNow();
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        received.incrementAndGet();
        return silent
                ? Mono.never()
                : response.status(status)
                        .sendByteArray(Mono.just(new byte[] {'{', '}'}))
                        .then();
    }

    private ApiClient client(CircuitPolicy policy) {
        return ApiClient.builder(VendorSpec.generic("api", URI.create("http://127.0.0.1:" + server.port())))
                .secret(Secret.of("secret-0123456789"))
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .deadline(HANGING.multipliedBy(2))
                .attemptTimeout(HANGING)
                .circuit(policy)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.closeLater().block(PATIENCE);
        server.disposeNow();
        port.close();
    }

    private static boolean succeeds(ApiClient of) {
        return Boolean.TRUE.equals(of.execute(ApiRequest.get("ping"))
                .thenReturn(true)
                .onErrorReturn(ApiException.class, false)
                .block(PATIENCE));
    }

    private void outage() {
        for (int i = 0; i < 20; i++) {
            client.execute(ApiRequest.get("ping")).onErrorComplete().block(PATIENCE);
        }
        assertThat(client.inspect().circuits()).singleElement().matches(c -> c.phase() == Phase.OPEN);
    }

    /** Calls every 20 ms until one succeeds. */
    private void awaitSuccess() {
        Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .flatMap(tick -> client.execute(ApiRequest.get("ping")).onErrorComplete())
                .next()
                .block(PATIENCE);
    }

    @Test
    void noticesSoonThatServerIsBack() {
        server.disposeNow();
        outage();
        long refused = Flux.range(0, 500)
                .flatMap(i -> client.execute(ApiRequest.get("ping"))
                        .then(Mono.just(0))
                        .onErrorResume(e -> Mono.just(ErrorKind.CIRCUIT_OPEN.matches(e) ? 1 : 0)))
                .reduce(0, Integer::sum)
                .block(PATIENCE);
        assertThat(refused).as("refused of 500").isGreaterThanOrEqualTo(490);

        server = start();
        long began = System.nanoTime();
        awaitSuccess();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        Eventually.until(() -> {
            client.execute(ApiRequest.get("ping")).onErrorComplete().block(PATIENCE);
            return client.inspect().circuits().get(0).phase() == Phase.CLOSED;
        });
    }

    @Test
    void noticesRecoveryDespiteHangingTrials() {
        status = 503;
        outage();
        silent = true;
        List<Disposable> hanging = new ArrayList<>();
        Eventually.until(() -> {
            hanging.add(client.execute(ApiRequest.get("ping")).subscribe(r -> {}, e -> {}));
            return received.get() >= 23;
        });
        silent = false;
        status = 200;
        awaitSuccess();

        hanging.forEach(Disposable::dispose);
    }

    @Test
    void returnsPermitsOfCancelledTrials() {
        status = 503;
        outage();
        silent = true;
        for (int i = 0; i < 4; i++) {
            int before = received.get();
            Eventually.until(() -> {
                Disposable trial = client.execute(ApiRequest.get("ping")).subscribe(r -> {}, e -> {});
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
                while (received.get() == before && System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                trial.dispose();
                return received.get() > before;
            });
        }
        Eventually.asserted(() -> assertThat(client.inspect().circuits())
                .singleElement()
                .matches(c -> c.phase() == Phase.HALF_OPEN && c.calls() == 0));
        silent = false;
        status = 200;
        for (int i = 0; i < 3; i++) {
            assertThat(succeeds(client)).isTrue();
        }
        assertThat(client.inspect().circuits()).singleElement().matches(c -> c.phase() == Phase.CLOSED);
    }

    /**
     * Answers, errors, cancels and timeouts of many calls at once from several threads, over open, half-open and closed;
     * in the end the circuit closes normally.
     */
    @Test
    void keepsPermitsWithoutBlockingUnderContention() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        CircuitPolicy quick = CircuitPolicy.standard()
                .withWindow(20, 5)
                .withOpenWait(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0))
                .failFast();
        Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
        try (ApiClient busy = client(quick)) {
            for (int round = 0; round < 15; round++) {
                status = random.nextInt(3) == 0 ? 200 : 503;
                int cancelAfterMillis = random.nextInt(6);
                Flux.range(0, 200)
                        .flatMap(
                                i -> {
                                    Mono<?> call = busy.execute(ApiRequest.get("ping"));
                                    Mono<?> ended = i % 4 == 0
                                            ? call.takeUntilOther(Mono.delay(Duration.ofMillis(cancelAfterMillis)))
                                            : call;
                                    return ended.onErrorResume(e -> {
                                        if (!ErrorKind.CIRCUIT_OPEN.matches(e) && !ErrorKind.UNAVAILABLE.matches(e)) {
                                            unexpected.add(e);
                                        }
                                        return Mono.empty();
                                    });
                                },
                                64)
                        .then()
                        .block(PATIENCE);
            }
            status = 200;
            Eventually.until(() -> {
                succeeds(busy);
                return busy.inspect().circuits().get(0).phase() == Phase.CLOSED;
            });
        }

        assertThat(unexpected).as("seed %d", seed).isEmpty();
        assertThat(received).as("the circuit let through").hasPositiveValue();
    }
}
