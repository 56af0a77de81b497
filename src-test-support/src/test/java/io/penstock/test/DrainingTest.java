package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.Transports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** A client that is closed while hundreds of calls are in each of their states, on a clock that the test moves. */
class DrainingTest extends FailureTable {

    private static final int EACH = 30;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock");

    @TempDir
    Path directory;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Map<String, Collection<Object>> ends = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> arrived = new ConcurrentHashMap<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final List<String> closed = new ArrayList<>();
    private RawServer server;

    @BeforeEach
    void startServer() {
        server = server(this::serve);
    }

    private void serve(RawServer.Peer peer) throws IOException {
        for (; ; ) {
            String head = peer.head();
            String path = head.split("[ ?]", 3)[1].substring(1);
            int length = head.contains("ontent-length: ")
                    ? Integer.parseInt(head.split("ontent-length: ", 2)[1].split("\r", 2)[0])
                    : 0;
            peer.body(length);
            arrived.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
            switch (path) {
                case "stalls", "token" -> peer.silence();
                case "slow" -> {
                    await(answers);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                }
                case "body" -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
                    peer.silence();
                }
                case "stream" -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"n\":1},{\"n\"");
                    peer.silence();
                }
                case "whole" -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n[{\"n\":1},{\"n\":2}]");
                case "file" -> {
                    peer.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 100\r\n\r\n0123456789");
                    peer.silence();
                }
                case "fails" -> peer.send("HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n{}");
                default -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String baseUri() {
        return "http://" + server.authority();
    }

    /** Subscribes as often as each state has calls. */
    private void many(String state, Publisher<?> call) {
        Collection<Object> all = ends.computeIfAbsent(state, s -> new ConcurrentLinkedQueue<>());
        for (int i = 0; i < EACH; i++) {
            Flux.from(call).ignoreElements().subscribe(v -> {}, all::add, () -> all.add("completed"));
        }
    }

    private void arrives(String path) {
        Eventually.until(() -> arrived.containsKey(path) && arrived.get(path).get() == EACH);
    }

    private ApiClient client(int places, int connections) {
        return client(
                baseUri(),
                b -> b.scheduler(time)
                        .deadline(Duration.ofMinutes(10))
                        .attemptTimeout(Duration.ofMinutes(9))
                        .idleTimeout(Duration.ofMinutes(9))
                        .circuit(CircuitPolicy.off())
                        .gate(GatePolicy.standard().withMaxConcurrent(places))
                        .retry(RetryPolicy.standard()
                                .withBudgetShare(1)
                                .withBackoff(new Backoff(Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0)))
                        // A client with fewer connections than places of its own is refused; here calls wait for one.
                        .transport(Transports.create(
                                ConnectionOptions.standard().withPool(connections, 1000, Duration.ofMinutes(1)))));
    }

    private void assertEnds(String state, Certainty certainty) {
        assertThat(ends.get(state)).as(state).hasSize(EACH).allSatisfy(end -> {
            assertThat(end).isInstanceOf(ApiException.class);
            assertThatObject(((ApiException) end).kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
            assertThat(((ApiException) end).certainty()).isEqualTo(certainty);
        });
    }

    private void close(ApiClient client) {
        client.closeGracefully(LIMIT).subscribe(v -> {}, e -> closed.add("error"), () -> closed.add("closed"));
    }

    private void assertClosed(int clients) {
        Eventually.asserted(() -> assertThat(closed).hasSize(clients).containsOnly("closed"));
        Eventually.until(() -> server.open() == 0);
    }

    @Test
    void endsCallsOfEveryStateWithTheirCertainty() {
        ApiClient client = client(2 * EACH, 10 * EACH);
        many("backoff", client.value(ApiRequest.get("fails")));
        arrives("fails");
        Polling<JsonNode> polling = Polling.of(ApiRequest.get("job"), answer -> PollStatus.of(PollState.RUNNING));
        many("poll", client.poll(polling).result());
        many("stream", client.stream(ApiRequest.get("stream").elements(JsonNode.class)));
        ApiRequest<?> file = ApiRequest.get("file");
        Collection<Object> downloads = ends.computeIfAbsent("download", s -> new ConcurrentLinkedQueue<>());
        for (int i = 0; i < EACH; i++) {
            client.download(file, DownloadTarget.file(directory.resolve("file" + i)), DownloadOptions.standard())
                    .subscribe(downloads::add, downloads::add);
        }
        arrives("stream");
        arrives("file");
        Eventually.until(() -> client.health().calls().active() == 3 * EACH);
        many("dispatched", client.value(ApiRequest.post("stalls")));
        many("body", client.value(ApiRequest.get("body")));
        arrives("stalls");
        arrives("body");
        many("gate", client.value(ApiRequest.post("stalls")));

        close(client);
        Eventually.until(() -> ends.get("backoff").size() == EACH);
        assertThat(ends.get("gate")).isEmpty();
        assertThat(ends.get("dispatched")).isEmpty();
        assertThat(closed).isEmpty();
        time.advanceTimeBy(LIMIT);

        assertClosed(1);
        Eventually.until(() -> ends.values().stream().allMatch(all -> all.size() == EACH));
        assertEnds("poll", Certainty.NOT_SENT);
        assertEnds("gate", Certainty.NOT_SENT);
        assertEnds("dispatched", Certainty.MAYBE_PROCESSED);
        assertEnds("body", Certainty.PROCESSED);
        assertEnds("stream", Certainty.PROCESSED);
        assertEnds("download", Certainty.PROCESSED);
        assertThat(ends.get("backoff"))
                .allSatisfy(e -> assertThatObject(((ApiException) e).kind()).isEqualTo(ErrorKind.CLIENT_CLOSED));
        assertThat(arrived.get("stalls")).hasValue(EACH);
        assertThat(log.takeWarnings()).as("one for each call, the polls' own").hasSize(7 * EACH);
    }

    /** Its connection is free already, and no demand would ever end it. */
    @Test
    void endsStreamThatHasArrivedAndIsNotRead() {
        ApiClient client = client(EACH, EACH);
        List<JsonNode> elements = new ArrayList<>();
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        client.stream(ApiRequest.get("whole").elements(JsonNode.class))
                .doOnNext(elements::add)
                .doOnError(errors::add)
                .onErrorComplete()
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        request(1);
                    }
                });
        Eventually.until(() ->
                elements.size() == 1 && client.inspect().connections().stream().allMatch(pool -> pool.active() == 0));

        close(client);
        assertThat(closed).isEmpty();
        time.advanceTimeBy(LIMIT);

        assertClosed(1);
        assertThat(elements).hasSize(1);
        assertThat(errors).singleElement().satisfies(e -> {
            assertThatObject(((ApiException) e).kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
            assertThat(((ApiException) e).certainty()).isEqualTo(Certainty.PROCESSED);
        });
        assertThat(log.takeWarnings()).hasSize(1);
    }

    @Test
    void endsWaitsForTokenAndConnection() {
        ApiClient few = client(10 * EACH, EACH);
        many("connected", few.value(ApiRequest.post("stalls")));
        arrives("stalls");
        many("pool", few.value(ApiRequest.post("stalls")));
        CredentialScheme exchanged = CredentialScheme.bearer()
                .exchangedBy(new TokenExchange(
                        "POST token",
                        secret -> ApiRequest.post("token").idempotent(),
                        (answer, at) -> new AccessToken(Secret.of("t0ken-value"), null),
                        Duration.ZERO));
        ApiClient withToken = ApiClient.builder(
                        VendorSpec.generic("api", URI.create(baseUri())).withCredential(exchanged))
                .secret(Secret.of("s3cret-of-a-test"))
                .scheduler(time)
                .build();
        many("token", withToken.value(ApiRequest.post("things")));
        Eventually.until(() -> arrived.containsKey("token"));

        close(few);
        close(withToken);
        time.advanceTimeBy(LIMIT);

        assertClosed(2);
        assertEnds("pool", Certainty.NOT_SENT);
        assertEnds("token", Certainty.NOT_SENT);
        assertEnds("connected", Certainty.MAYBE_PROCESSED);
        assertThat(log.takeWarnings()).hasSize(3 * EACH + 1);
    }

    @Test
    void letsCallsOfEveryKindEndWithinLimit() {
        ApiClient client = client(EACH, 10 * EACH);
        many("sent", client.value(ApiRequest.post("slow")));
        arrives("slow");
        many("gate", client.value(ApiRequest.post("things")));

        close(client);
        assertThat(closed).isEmpty();
        answers.countDown();

        Eventually.until(() -> {
            time.advanceTimeBy(Duration.ofMillis(1)); // calls that have waited continue on this clock
            return closed.size() == 1;
        });
        assertThat(ends.get("sent")).hasSize(EACH).containsOnly("completed");
        assertThat(ends.get("gate")).hasSize(EACH).containsOnly("completed");
        assertClosed(1);
    }

    /** The connection is closed when the call has ended, and only then is the client. */
    @Test
    void closeLaterWaitsForConnectionsInUse() {
        ApiClient client = client(EACH, 10 * EACH);
        many("sent", client.value(ApiRequest.post("slow")));
        arrives("slow");

        client.closeLater().subscribe(v -> {}, e -> closed.add("error"), () -> closed.add("closed"));
        assertThat(closed).isEmpty();
        assertThat(server.open()).isEqualTo(EACH);
        answers.countDown();

        assertClosed(1);
        assertThat(ends.get("sent")).hasSize(EACH).containsOnly("completed");
    }
}
