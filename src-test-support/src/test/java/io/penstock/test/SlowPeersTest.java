package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.http.Progress;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ConnectionOptions;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Peers and callers that take or give a little at a time: others on the same event loops are served meanwhile, and memory
 * stays bounded. The slow ones go on only after the others are done, so that the order shows it, not the time.
 */
@Tag("slow")
class SlowPeersTest extends FailureTable {

    record Item(int id) {}

    /** More than there are event loops, so that each has slow ones. */
    private static final int SLOW = 8;

    private static final int OTHERS = 200;
    private static final int CHUNKS = 2_000;
    private static final int PART = 64 * 1024;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    private final CountDownLatch othersServed = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    private RawServer server(boolean secure, RawServer.Script script) {
        ServerSocketFactory sockets =
                secure ? certificate.server().getServerSocketFactory() : ServerSocketFactory.getDefault();
        return watched(RawServer.start(sockets, script));
    }

    private ApiClient client(boolean secure, RawServer server) {
        return client(
                (secure ? "https://" : "http://") + server.authority(),
                b -> b.attemptTimeout(PATIENCE)
                        .idleTimeout(PATIENCE)
                        .deadline(PATIENCE.multipliedBy(2))
                        .connections(ConnectionOptions.standard()
                                .withPool(2 * SLOW, 1_000, LONG)
                                .withTrusted(List.of(certificate.certificate()))));
    }

    private void awaitOthers() throws IOException {
        waiting.incrementAndGet();
        try {
            if (!othersServed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the others were not served");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void serveOthers(ApiClient client) {
        Eventually.until(() -> waiting.get() == SLOW);
        List<JsonNode> answers = Flux.range(0, OTHERS)
                .flatMap(i -> client.value(ApiRequest.get("quick")), 8)
                .collectList()
                .block(PATIENCE);
        assertThat(answers).hasSize(OTHERS);
        othersServed.countDown();
    }

    private static boolean isQuick(String head) {
        return head.startsWith("GET /quick");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesOthersWhileServersWriteOneByteAtATime(boolean secure) {
        RawServer server = server(secure, peer -> {
            for (; ; ) {
                if (isQuick(peer.head())) {
                    peer.send(OK);
                    continue;
                }
                peer.send(CHUNKED + "1\r\n\"\r\n");
                for (int i = 0; i < CHUNKS; i++) {
                    if (i == CHUNKS / 2) {
                        awaitOthers();
                    }
                    peer.send("1\r\nx\r\n");
                }
                peer.send("1\r\n\"\r\n0\r\n\r\n");
            }
        });
        ApiClient client = client(secure, server);
        CompletableFuture<List<JsonNode>> slow = Flux.range(0, SLOW)
                .flatMap(i -> client.value(ApiRequest.get("slow")), SLOW)
                .collectList()
                .toFuture();

        serveOthers(client);

        assertThat(slow)
                .succeedsWithin(PATIENCE)
                .satisfies(values -> assertThat(values)
                        .hasSize(SLOW)
                        .allSatisfy(value -> assertThat(value.asString()).isEqualTo("x".repeat(CHUNKS))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesOthersWhileServersReadOneByteAtATime(boolean secure) {
        AtomicLong emitted = new AtomicLong();
        AtomicLong accepted = new AtomicLong();
        int parts = 100;
        RawServer server = server(secure, peer -> {
            for (; ; ) {
                if (isQuick(peer.head())) {
                    peer.send(OK);
                    continue;
                }
                for (int i = 0; i < 100; i++) {
                    peer.body(1);
                }
                awaitOthers();
                peer.body(parts * PART - 100);
                peer.send(OK);
            }
        });
        ApiClient client = client(secure, server);
        byte[] part = new byte[PART];
        CompletableFuture<List<JsonNode>> slow = Flux.range(0, SLOW)
                .flatMap(
                        i -> client.value(ApiRequest.post("slow")
                                .body(Upload.stream(
                                        Flux.range(0, parts)
                                                .map(n -> ByteBuffer.wrap(part))
                                                .doOnNext(next -> emitted.addAndGet(PART)),
                                        (long) parts * PART,
                                        "application/octet-stream"))
                                .onUpload(new Accepted(accepted))),
                        SLOW)
                .collectList()
                .toFuture();

        serveOthers(client);

        assertThat(slow)
                .succeedsWithin(PATIENCE)
                .satisfies(values -> assertThat(values).hasSize(SLOW));
        assertThat(emitted.get()).isEqualTo((long) SLOW * parts * PART);
        assertThat(accepted.get()).isEqualTo(emitted.get());
    }

    /** Adds up what the sockets have accepted. */
    private static final class Accepted implements Consumer<Progress> {
        private final AtomicLong sum;
        private long before;

        Accepted(AtomicLong sum) {
            this.sum = sum;
        }

        @Override
        public void accept(Progress progress) {
            sum.addAndGet(progress.transferred() - before);
            before = progress.transferred();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesOthersWhileCallersTakeOneElementAtATime(boolean secure) {
        AtomicLong written = new AtomicLong();
        String block = "{\"id\":1},".repeat(7_000);
        String chunk = Integer.toHexString(block.length()) + "\r\n" + block + "\r\n";
        RawServer server = server(secure, peer -> {
            for (; ; ) {
                if (isQuick(peer.head())) {
                    peer.send(OK);
                    continue;
                }
                peer.send(CHUNKED + "1\r\n[\r\n");
                for (; ; ) { // until the caller has enough
                    peer.send(chunk);
                    written.addAndGet(block.length());
                }
            }
        });
        ApiClient client = client(secure, server);
        List<OneAtATime> slow =
                IntStream.range(0, SLOW).mapToObj(i -> new OneAtATime()).toList();
        slow.forEach(caller ->
                client.stream(ApiRequest.get("slow").elements(Item.class)).subscribe(caller));

        for (int round = 1; round <= 10; round++) {
            slow.forEach(caller -> caller.request(1));
            for (OneAtATime caller : slow) {
                assertThat(caller.takes(PATIENCE.toSeconds()))
                        .as("an element was emitted")
                        .isTrue();
            }
            Mono<Long> others = Flux.range(0, OTHERS / 10)
                    .flatMap(i -> client.value(ApiRequest.get("quick")), 8)
                    .count();
            assertThat(others.block(PATIENCE)).isEqualTo(OTHERS / 10);
        }

        assertThat(slow).allSatisfy(caller -> assertThat(caller.taken.get()).isEqualTo(10));
        assertThat(written.get())
                .as("what the server could write, which is what the kernel buffers")
                .isLessThan(SLOW * 12_000_000L);
        slow.forEach(BaseSubscriber::cancel);
    }

    /** A caller that requests one element at a time. */
    private static final class OneAtATime extends BaseSubscriber<Item> {
        private final Semaphore arrived = new Semaphore(0);
        private final AtomicInteger taken = new AtomicInteger();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // requests come from the test
        }

        @Override
        protected void hookOnNext(Item item) {
            taken.incrementAndGet();
            arrived.release();
        }

        boolean takes(long seconds) {
            try {
                return arrived.tryAcquire(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
