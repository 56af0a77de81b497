package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Bodies read while they arrive, over real sockets; afterwards no connection is in use and no buffer is lost. */
@Tag("slow")
@ExtendWith(NoBufferLeaks.class)
class StreamsOverSocketsTest {

    record Item(int id) {}

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    private static final String CHUNKED = HEAD + "transfer-encoding: chunked\r\n\r\n";
    private static final ApiRequest<Item> ITEMS = ApiRequest.get("items").elements(Item.class);

    private RawServer server;
    private ApiClient client;

    private ApiClient client(RawServer.Script script) {
        return client(b -> b, script);
    }

    private ApiClient client(UnaryOperator<ApiClientBuilder> configuration, RawServer.Script script) {
        server = RawServer.start(script);
        client = configuration
                .apply(ApiClient.builder(VendorSpec.generic("api", URI.create("http://" + server.authority())))
                        .retry(RetryPolicy.standard()
                                .withMaxAttempts(3)
                                .withBackoff(new Backoff(Duration.ofMillis(5), 1, Duration.ofMillis(5), 0))))
                .build();
        return client;
    }

    @AfterEach
    void everyConnectionCameBack() throws IOException {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    /** Blocks a server's script until the client has seen what it sent. */
    private static void waitUntil(BooleanSupplier seen) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the client has not seen it");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static ApiException failureOf(Flux<?> stream) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> stream.blockLast(PATIENCE));
        assertThat(failure).as("the stream should have failed").isNotNull();
        return failure;
    }

    @Test
    void emitsElementsWhileBodyArrivesAndKeepsConnection() {
        AtomicLong seen = new AtomicLong();
        ApiClient streaming = client(peer -> {
            for (; ; ) {
                peer.request();
                peer.send(CHUNKED + chunk("[{\"id\":1},{\"id\":2}"));
                waitUntil(() -> seen.get() >= 2);
                peer.send(chunk(",{\"id\":3}]") + "0\r\n\r\n");
            }
        });
        for (int round = 0; round < 2; round++) {
            seen.set(0);
            assertThat(streaming.stream(ITEMS)
                            .doOnNext(item -> seen.incrementAndGet())
                            .collectList()
                            .block(PATIENCE))
                    .containsExactly(new Item(1), new Item(2), new Item(3));
            Eventually.until(() -> streaming.inspect().connections().stream().allMatch(origin -> origin.active() == 0));
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void stopsReadingSocketWithoutDemand() throws InterruptedException {
        AtomicLong sent = new AtomicLong();
        String item = "{\"id\":1,\"pad\":\"" + "x".repeat(1000) + "\"},";
        String block = item.repeat(64);
        ApiClient streaming = client(peer -> {
            peer.request();
            peer.send(CHUNKED + chunk("["));
            while (sent.get() < 400_000_000) {
                peer.send(chunk(block));
                sent.addAndGet(block.length());
            }
        });
        List<Object> read = new CopyOnWriteArrayList<>();
        BaseSubscriber<Object> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(3);
            }

            @Override
            protected void hookOnNext(Object value) {
                read.add(value);
            }
        };
        streaming.stream(ITEMS).subscribe(slow);
        Eventually.until(() -> read.size() == 3);
        long before;
        do { // until the kernel's buffers on both sides are full
            before = sent.get();
            Thread.sleep(300);
        } while (sent.get() != before);
        assertThat(before).as("bytes the server could write").isLessThan(40_000_000);
        assertThat(read).hasSize(3);
        long stalledAt = before;
        slow.request(100_000);
        Eventually.until(() -> sent.get() > stalledAt + 10_000_000);
        slow.cancel();
        Eventually.until(() -> server.open() == 0);
    }

    @Test
    void retriesBreakBeforeFirstElement() {
        ApiClient streaming = client(peer -> {
            peer.request();
            if (peer.number() == 1) {
                peer.send("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n");
                peer.fin();
            } else if (peer.number() == 2) {
                peer.send(CHUNKED + chunk("[ {\"id\""));
                peer.rst();
            } else {
                peer.send(CHUNKED + chunk("[{\"id\":1}]") + "0\r\n\r\n");
                peer.silence();
            }
        });
        assertThat(streaming.stream(ITEMS).collectList().block(PATIENCE)).containsExactly(new Item(1));
        assertThat(server.requests()).isEqualTo(3);
    }

    @Test
    void failsWithoutRetryAfterFirstElement() {
        List<Item> read = new CopyOnWriteArrayList<>();
        ApiClient streaming = client(peer -> {
            peer.request();
            peer.send(CHUNKED + chunk("[{\"id\":1},{\"id\":2},{\"id\""));
            waitUntil(() -> read.size() == 2);
            peer.rst();
        });
        ApiException failure = failureOf(streaming.stream(ITEMS).doOnNext(read::add));
        assertThat(read).containsExactly(new Item(1), new Item(2));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(failure.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(failure.journey().attempts().get(0).receivedBytes()).isEqualTo(24);
        assertThat(failure.journey().attempts().get(0).decision()).isEqualTo("inside the stream: not sent again");
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void classifiesErrorStatusOfStream() {
        ApiClient streaming = client(peer -> {
            peer.request();
            peer.send("HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
            peer.silence();
        });
        assertThatObject(failureOf(streaming.stream(ITEMS)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void completesEmptyForAnswerWithoutContent() {
        ApiClient streaming = client(peer -> {
            peer.request();
            peer.send("HTTP/1.1 204 No Content\r\n\r\n");
            peer.silence();
        });
        StepVerifier.create(streaming.stream(ITEMS)).verifyComplete();
    }

    @Test
    void appliesIdleTimeoutOnlyWhileElementsAreRequested() {
        ApiClient streaming = client(b -> b.idleTimeout(Duration.ofMillis(200)), peer -> {
            peer.request();
            peer.send(CHUNKED + chunk("[{\"id\":1},{\"id\":2}"));
            peer.silence();
        });
        StepVerifier.create(streaming.stream(ITEMS), 2)
                .expectNextCount(2)
                .expectNoEvent(Duration.ofMillis(600))
                .thenRequest(1)
                .expectErrorSatisfies(e -> {
                    ApiException failure = (ApiException) e;
                    assertThat(failure.phase()).isEqualTo(Phase.IDLE);
                    assertThatObject(failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
                    assertThat(failure).hasMessageContaining("answer 200 not complete after 18 bytes");
                })
                .verify(PATIENCE);
    }

    @Test
    void outlastsAttemptTimeoutAndDeadlineOnceStreaming() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        AtomicLong seen = new AtomicLong();
        ApiClient streaming = client(
                b -> b.scheduler(clock).attemptTimeout(Duration.ofMillis(300)).deadline(Duration.ofMillis(400)),
                peer -> {
                    peer.request();
                    peer.send(CHUNKED + chunk("[{\"id\":0}"));
                    for (int i = 1; i < 10; i++) {
                        int before = i;
                        waitUntil(() -> seen.get() == before);
                        clock.advanceTimeBy(Duration.ofMillis(100));
                        peer.send(chunk(",{\"id\":" + i + "}"));
                    }
                    peer.send(chunk("]") + "0\r\n\r\n");
                    peer.silence();
                });
        assertThat(streaming.stream(ITEMS)
                        .doOnNext(item -> seen.incrementAndGet())
                        .collectList()
                        .block(PATIENCE))
                .hasSize(10);
    }

    @Test
    void requiresFirstElementWithinTheAttempt() {
        ApiClient streaming = client(b -> b.attemptTimeout(Duration.ofMillis(200)), peer -> {
            peer.request();
            peer.send(CHUNKED + chunk(" "));
            peer.silence();
        });
        ApiException failure = failureOf(streaming.stream(ITEMS));
        assertThat(failure.phase()).isEqualTo(Phase.ATTEMPT);
        assertThat(failure.journey().attempts()).hasSize(3);
    }

    /** Calls made for the elements of a stream must not wait for the permit of the stream. */
    @Test
    void returnsGatePermitAfterHead() {
        ApiClient streaming = client(b -> b.gate(GatePolicy.standard().withMaxConcurrent(1)), peer -> {
            for (; ; ) {
                peer.request();
                peer.send(
                        peer.number() == 1
                                ? CHUNKED + chunk("[{\"id\":1},{\"id\":2}") + chunk(",{\"id\":3}]") + "0\r\n\r\n"
                                : HEAD + "content-length: 2\r\n\r\n{}");
            }
        });

        List<Object> details = streaming.stream(ITEMS)
                .concatMap(item -> streaming.value(ApiRequest.get("items/{id}").path("id", item.id())), 1)
                .collectList()
                .map(List::<Object>copyOf)
                .block(PATIENCE);

        assertThat(details).hasSize(3);
    }

    /** The first call holds the only permit until it is answered. */
    @Test
    void waitsForGatePermit() throws IOException {
        ApiClient streaming = client(b -> b.gate(GatePolicy.standard().withMaxConcurrent(1)), peer -> {
            peer.request();
            if (peer.number() == 1) {
                waitUntil(() -> client.quota().waiting() == 1);
            }
            peer.send(CHUNKED + chunk("[{\"id\":1}]") + "0\r\n\r\n");
        });

        assertThat(Flux.merge(streaming.stream(ITEMS), streaming.stream(ITEMS))
                        .collectList()
                        .block(PATIENCE))
                .hasSize(2);
    }

    @Test
    void closesConnectionWhenCancelledAtAnyMoment() {
        ApiClient streaming = client(peer -> {
            for (; ; ) { // one that was read to its end before it was cancelled keeps its connection
                peer.request();
                peer.send(CHUNKED + chunk("["));
                for (int i = 0; i < 1_000; i++) {
                    peer.send(chunk((i == 0 ? "" : ",") + "{\"id\":" + i + "}"));
                }
                peer.send(chunk("]") + "0\r\n\r\n");
            }
        });
        for (int i = 0; i < 60; i++) {
            List<Object> read = new ArrayList<>();
            Disposable stream = streaming.stream(ITEMS).subscribe(read::add);
            long until = System.nanoTime() + i * 100_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            stream.dispose();
        }
        for (int i = 1; i < 40; i++) {
            assertThat(streaming.stream(ITEMS).take(i).collectList().block(PATIENCE))
                    .hasSize(i);
        }
    }

    @Test
    void readsCompressedStreamAndRejectsTruncatedOne() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            lines.append("{\"id\":").append(i).append("}\n");
        }
        byte[] whole = Codings.gzip(lines.toString().getBytes(StandardCharsets.UTF_8));
        AtomicLong answers = new AtomicLong();
        ApiClient streaming = client(peer -> {
            for (; ; ) {
                peer.request();
                long number = answers.incrementAndGet();
                byte[] body = number == 1 ? whole : Arrays.copyOf(whole, (int) (whole.length - 9 * (number - 1)));
                peer.send(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ncontent-encoding: gzip\r\ncontent-length: "
                                + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1));
            }
        });
        ApiRequest<Item> request = ApiRequest.get("items").lines(Item.class);
        assertThat(streaming.stream(request).count().block(PATIENCE)).isEqualTo(5000);
        for (int i = 0; i < 3; i++) {
            ApiException failure = failureOf(streaming.stream(request));
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
            assertThat(failure).hasMessageContaining("compressed body is corrupt");
        }
    }

    @Test
    void emitsBodyUnchangedAsParts() {
        ApiClient streaming = client(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + "abc".repeat(100_000));
            peer.silence();
        });
        String text = streaming.stream(ApiRequest.get("file").as(Payload.parts()))
                .map(part -> StandardCharsets.ISO_8859_1.decode(part).toString())
                .collect(StringBuilder::new, StringBuilder::append)
                .map(StringBuilder::toString)
                .block(PATIENCE);
        assertThat(text).isEqualTo("abc".repeat(100_000));
    }

    @Test
    void rejectsStreamOfWholePayloadAndValueOfStream() {
        ApiClient streaming = client(peer -> peer.silence());
        assertThatObject(failureOf(streaming.stream(ApiRequest.get("items"))).kind())
                .isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThatObject(catchThrowableOfType(
                                ApiException.class, () -> streaming.value(ITEMS).block(PATIENCE))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(server.requests()).isZero();
    }
}
