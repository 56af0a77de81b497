package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitState.Phase;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.proof.WithoutLogs;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.Transports;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * 2 000 cancels a second: of calls that wait at the gate or for a connection, connect, are being written, answered or
 * streamed, or wait to be sent again. Afterwards nothing is in use, nothing waits, and nothing is remembered.
 *
 * <p>{@code -Dpenstock.proof=long} goes on for a minute, {@code -Dpenstock.seed=<n>} repeats a run.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class CancelStormTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CANCELS_PER_SECOND = 2_000;
    private static final int AT_ONCE = 24;
    private static final int CONNECTIONS = 16;
    private static final int WAITING = 1_000;
    private static final long LONGEST_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** What threads and caches may hold of the last calls. */
    private static final int STRAY = 100;

    private static final long HEAP_SLACK = 16L << 20;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";

    /** How the server treats a request. Most never end by themselves. */
    private enum Fate {
        HELD,
        HALF,
        STREAMED,
        UPLOADED,
        REFUSED,
        ANSWERED
    }

    /** Calls that fail are few enough for the circuit to stay closed. */
    private static final List<Fate> FATES = List.of(
            Fate.HELD,
            Fate.HELD,
            Fate.HALF,
            Fate.HALF,
            Fate.STREAMED,
            Fate.STREAMED,
            Fate.UPLOADED,
            Fate.UPLOADED,
            Fate.REFUSED,
            Fate.ANSWERED,
            Fate.ANSWERED,
            Fate.ANSWERED,
            Fate.ANSWERED);

    private record Started(BaseSubscriber<Object> call, long endsAt) {}

    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    private void serve(RawServer.Peer peer) throws IOException {
        for (; ; ) {
            String head = peer.head();
            if (head.startsWith("POST /answered")) {
                peer.body(12);
            }
            String path = head.substring(head.indexOf('/') + 1, head.indexOf(" HTTP"));
            switch (path) {
                case "held" -> peer.silence();
                case "half" -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\"");
                    peer.silence();
                }
                case "streamed" -> {
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[{\"n\":1},\r\n");
                    peer.silence();
                }
                case "uploaded" -> peer.silence();
                case "refused" -> peer.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                case "together" -> {
                    waiting.incrementAndGet();
                    await(held);
                    peer.send(OK);
                }
                default -> peer.send(OK);
            }
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("not released");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Publisher<?> call(ApiClient client, Fate fate) {
        return switch (fate) {
            case HELD -> client.execute(ApiRequest.get("held"));
            case HALF -> client.execute(ApiRequest.get("half"));
            case STREAMED -> client.stream(ApiRequest.get("streamed").elements(JsonNode.class));
            case UPLOADED ->
                client.execute(ApiRequest.post("uploaded")
                        .body(Upload.stream(
                                Flux.concat(Mono.just(ByteBuffer.wrap(new byte[100])), Mono.never()), "text/plain")));
            case REFUSED -> client.execute(ApiRequest.get("refused"));
            case ANSWERED -> client.execute(ApiRequest.post("answered").body(Map.of("name", "one")));
        };
    }

    @ParameterizedTest
    @CsvSource({"false, 4, 60", "true, 2, 30"})
    void leavesNothingBehind(boolean secure, int seconds, int longSeconds, @TempDir Path directory) throws IOException {
        boolean everything = System.getProperty("penstock.proof", "").equals("long");
        int cancels = CANCELS_PER_SECOND * (everything ? longSeconds : seconds);
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        TestCertificate certificate = TestCertificate.of(directory, "ip:127.0.0.1");
        ServerSocketFactory sockets =
                secure ? certificate.server().getServerSocketFactory() : ServerSocketFactory.getDefault();
        PendingTimers timers = new PendingTimers();
        BufferLeaks leaks = BufferLeaks.watch();
        try (RawServer server = RawServer.start(sockets, this::serve);
                ApiClient client = client(secure, server, certificate, timers)) {
            Random random = new Random(seed);
            storm(client, random, CANCELS_PER_SECOND / 2, new ArrayList<>()); // loads what stays loaded
            settled(client, server, timers);
            long before = LiveHeap.bytes();

            List<WeakReference<Object>> calls = new ArrayList<>();
            long began = System.nanoTime();
            storm(client, random, cancels, calls);
            double took = (System.nanoTime() - began) / 1e9;

            assertThat(server.requests())
                    .as("requests that were cancelled at the server")
                    .isGreaterThan(cancels / (secure ? 200 : 50));
            settled(client, server, timers);
            long kept = LiveHeap.bytes() - before - 64L * calls.size(); // of the references themselves
            assertThat(calls.stream().filter(call -> call.get() != null))
                    .as("calls that are remembered, -Dpenstock.seed=%d", seed)
                    .hasSizeLessThan(STRAY);
            assertThat(kept)
                    .as("bytes of heap kept after %d cancels in %.1f s, -Dpenstock.seed=%d", cancels, took, seed)
                    .isLessThan(HEAP_SLACK);
            hasEveryPlace(client);
            client.closeLater().block(PATIENCE);
            Eventually.until(() -> server.open() == 0);
        } finally {
            timers.dispose();
        }
        assertThat(leaks.found()).isEmpty();
    }

    private static ApiClient client(
            boolean secure, RawServer server, TestCertificate certificate, PendingTimers timers) {
        ConnectionOptions options = ConnectionOptions.standard()
                .withPool(CONNECTIONS, WAITING, PATIENCE)
                .withTrusted(List.of(certificate.certificate()));
        URI base = URI.create((secure ? "https://" : "http://") + server.authority());
        return ApiClient.builder(VendorSpec.generic("api", base).withQuota(QuotaModel.unknown()))
                .gate(GatePolicy.standard().withMaxConcurrent(AT_ONCE).withMaxWaiting(WAITING))
                .retry(RetryPolicy.standard().withMaxAttempts(3))
                .transport(Transports.create(options)) // whose pool is smaller than the gate, so that both have a line
                .scheduler(timers)
                .build();
    }

    /** Cancels that many calls that have not ended, each after a random part of its longest life. */
    private static void storm(ApiClient client, Random random, int cancels, List<WeakReference<Object>> calls) {
        Deque<Started> running = new ArrayDeque<>();
        long began = System.nanoTime();
        int cancelled = 0;
        for (int started = 0; cancelled < cancels; started++) {
            long due = began + started * (TimeUnit.SECONDS.toNanos(1) / CANCELS_PER_SECOND);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(100_000);
            }
            BaseSubscriber<Object> call = new BaseSubscriber<>() {
                @Override
                protected void hookOnError(Throwable failure) {
                    // a call may also fail before it is cancelled
                }
            };
            calls.add(new WeakReference<>(call));
            call(client, FATES.get(random.nextInt(FATES.size()))).subscribe(call);
            running.add(new Started(call, System.nanoTime() + (long) (random.nextDouble() * LONGEST_LIFE_NANOS)));
            for (int n = running.size(); n > 0; n--) {
                Started next = running.remove();
                if (next.endsAt() - System.nanoTime() > 0) {
                    running.add(next);
                } else if (!next.call().isDisposed()) {
                    next.call().cancel();
                    cancelled++;
                }
            }
        }
        running.forEach(last -> last.call().cancel());
    }

    private static void settled(ApiClient client, RawServer server, PendingTimers timers) {
        Connections.awaitReturn(client);
        Eventually.asserted(
                () -> assertThat(timers.pending()).as("pending timers").isZero());
        Eventually.asserted(() -> assertThat(server.open())
                .as("connections at the server")
                .isEqualTo(client.inspect().connections().stream()
                        .mapToInt(pool -> pool.idle())
                        .sum()));
    }

    /** Fills every place of the gate, every connection of the pool, and both lines: had one been lost, a call would fail. */
    private void hasEveryPlace(ApiClient client) {
        Mono<Long> all = Flux.range(0, AT_ONCE + WAITING)
                .flatMap(
                        i -> client.execute(ApiRequest.get("together").deadline(PATIENCE.multipliedBy(2))),
                        AT_ONCE + WAITING)
                .count();
        Eventually.until(() -> {
            client.execute(ApiRequest.get("answered")).onErrorComplete().block(PATIENCE);
            return client.inspect().circuits().stream().allMatch(circuit -> circuit.phase() == Phase.CLOSED);
        });
        CompletableFuture<Long> answers = all.toFuture();
        Eventually.asserted(() -> {
            assertThat(waiting.get())
                    .as("requests at the server, %s", client.inspect().circuits())
                    .isEqualTo(CONNECTIONS);
            assertThat(client.inspect().connections())
                    .allSatisfy(pool -> assertThat(pool.pending()).isEqualTo(AT_ONCE - CONNECTIONS));
        });
        held.countDown();
        assertThat(answers).succeedsWithin(PATIENCE).isEqualTo((long) AT_ONCE + WAITING);
    }
}
