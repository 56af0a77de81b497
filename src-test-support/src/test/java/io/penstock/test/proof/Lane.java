package io.penstock.test.proof;

import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.request.ApiResponse;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.TestCertificate;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A server and a client of its own, for one case after the other. Not thread-safe: each thread has its lane. */
final class Lane implements AutoCloseable {

    static final int MAX_ATTEMPTS = 3;
    static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);
    /** The timeout, and no more than the ticks that notice it. */
    private static final Duration BEYOND_THE_TIMEOUT = ATTEMPT_TIMEOUT.plusMillis(50);
    /** Longer than a loopback and an event loop need, so that the client has what was sent before the server stalled. */
    private static final long BEFORE_THE_LEAP_NANOS = 10_000_000;

    /** Far beyond what any case takes: three attempts and two waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long LOOK_AGAIN_NANOS = 100_000;

    private final ScriptedServer server;
    private final LaneClock clock = new LaneClock();
    private KeyPlacement keyPlacement = RequestShape.POST_KEYED.keyPlacement();
    private Policies policies = Policies.PLAIN;
    private ApiClient client;

    private final @Nullable TestCertificate certificate;

    /**
     * Starts a lane.
     *
     * @param certificate of the server; null for plain HTTP
     * @param tls of the server, with that certificate; null for plain HTTP
     */
    Lane(Executor threads, @Nullable TestCertificate certificate, @Nullable SSLContext tls) throws IOException {
        this.certificate = certificate;
        server = new ScriptedServer(threads, tls);
        client = newClient();
    }

    private ApiClient newClient() {
        URI base = URI.create((certificate == null ? "http" : "https") + "://127.0.0.1:" + server.port() + "/v1/");
        ConnectionOptions options = ConnectionOptions.standard();
        return policies.on(ApiClient.builder(VendorSpec.generic("proof", base).withKeyPlacement(keyPlacement))
                        .withoutGate() // a refusal in one case would keep the next from being sent
                        .secret(Secret.of("proof-secret"))
                        .connections(
                                certificate == null ? options : options.withTrusted(List.of(certificate.certificate())))
                        .retry(RetryPolicy.standard()
                                .withMaxAttempts(MAX_ATTEMPTS)
                                .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                                .withBudgetShare(1))
                        .scheduler(clock)
                        .attemptTimeout(ATTEMPT_TIMEOUT))
                .build();
    }

    /** Lets time pass; to be called by one thread, again and again. */
    void pass() {
        clock.goOn();
        if (server.hasStalledFor(BEFORE_THE_LEAP_NANOS)) {
            clock.leap(BEYOND_THE_TIMEOUT);
        }
    }

    /** How a case went: what the oracle says, and what the server counted. */
    record Run(Oracle.Verdict verdict, Outcome outcome, int effects, int sends) {}

    Run run(ProofCase tried) throws IOException, InterruptedException {
        prepare(tried);
        World world = new World();
        ApiClient used = client;
        Caller caller = new Caller();
        Runnable trigger = tried.has(Ending.CLOSE) ? () -> used.closeLater().subscribe() : () -> caller.giveUp();
        server.play(new Play(tried, world, trigger));
        used.execute(tried.shape().request()).subscribe(caller);
        Outcome outcome = caller.await();
        List<String> left = settle(tried, used);
        Oracle.Verdict verdict = Oracle.judge(tried, world, outcome);
        if (verdict.disturbed()) {
            server.catchUp();
        }
        if (!left.isEmpty()) {
            left.addAll(verdict.otherFaults());
            verdict = new Oracle.Verdict(
                    verdict.duplicates(), verdict.wrongCertainties(), left, verdict.vague(), verdict.disturbed());
        }
        return new Run(verdict, outcome, world.effects(), world.arrivals().size());
    }

    /** Calls until an attempt takes less than its timeout: the first ones load classes. */
    void warmUp() throws IOException {
        server.play(new Play(ProofCase.of(RequestShape.GET, false), new World(), () -> {}));
        client.execute(RequestShape.GET.request()).retry(50).block(PATIENCE);
        server.catchUp();
    }

    /** The length of that request, as the server sees it. */
    int lengthOf(RequestShape shape) throws IOException, InterruptedException {
        ProofCase plain = ProofCase.of(shape, false);
        prepare(plain);
        World world = new World();
        server.play(new Play(plain, world, () -> {}));
        client.execute(shape.request()).block(PATIENCE);
        return world.arrivals().get(0).read();
    }

    private void prepare(ProofCase tried) throws IOException, InterruptedException {
        if (!tried.shape().keyPlacement().equals(keyPlacement) || tried.policies() != policies) {
            policies = tried.policies();
            keyPlacement = tried.shape().keyPlacement();
            renewClient();
        }
        if (!tried.usedConnection()) {
            server.closeIdle();
            expect("idle connections closed", () -> !server.hasConnection());
        } else if (!server.hasIdleConnection()) {
            warmUp();
            expect("a connection to use again", () -> idle(client) > 0 && server.isQuiet());
        }
    }

    private void renewClient() {
        client.closeLater().block(PATIENCE);
        client = newClient();
    }

    /** Waits until the client has let go of everything; what it holds on to is the result. */
    private List<String> settle(ProofCase tried, ApiClient used) {
        List<String> left = new ArrayList<>();
        if (!await(() -> inUse(used) == 0)) {
            left.add("connections in use after the end: " + used.inspect().connections());
        }
        if (!await(server::isQuiet)) {
            left.add("a connection that was neither closed nor finished");
        }
        if (tried.steps().stream().anyMatch(Lane::resetsAKeptConnection)) {
            LockSupport.parkNanos(50 * LOOK_AGAIN_NANOS);
        }
        if (tried.has(Ending.CLOSE)) {
            renewClient();
        }
        return left;
    }

    /** A reset that follows a whole answer must not meet the next case. */
    private static boolean resetsAKeptConnection(Step step) {
        return step instanceof Step.Reply reply && reply.whole() && reply.ending() == Ending.RST;
    }

    private static int inUse(ApiClient client) {
        return client.inspect().connections().stream()
                .mapToInt(pool -> pool.active() + pool.pending())
                .sum();
    }

    private static int idle(ApiClient client) {
        return client.inspect().connections().stream()
                .mapToInt(pool -> pool.idle())
                .sum();
    }

    private static void expect(String what, BooleanSupplier condition) {
        if (!await(condition)) {
            throw new IllegalStateException("not in time: " + what);
        }
    }

    private static boolean await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        client.closeLater().onErrorResume(e -> Mono.empty()).block(PATIENCE);
        server.close();
    }

    /** Takes the outcome; may be cancelled at any time, also before it is subscribed. */
    private static final class Caller extends BaseSubscriber<ApiResponse<JsonNode>> {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private @Nullable Outcome success;

        void giveUp() {
            cancel();
            outcome.complete(new Outcome.Cancelled());
        }

        Outcome await() throws InterruptedException {
            try {
                return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                cancel();
                return new Outcome.Nothing();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void hookOnNext(ApiResponse<JsonNode> response) {
            success = new Outcome.Success(response.status(), response.journey());
        }

        @Override
        protected void hookOnComplete() {
            outcome.complete(success == null ? new Outcome.Nothing() : success);
        }

        @Override
        protected void hookOnError(Throwable error) {
            outcome.complete(new Outcome.Failure(error));
        }
    }
}
