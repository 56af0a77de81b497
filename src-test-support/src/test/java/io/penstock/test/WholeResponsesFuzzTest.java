package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.proof.WithoutLogs;
import io.penstock.transport.ConnectionOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Random whole responses over sockets: heads, framing, codings, splits, pauses, closes, and bytes behind an answer.
 * Valid ones are accepted, others are failures that are true, and an answer reaches the call it was made for.
 *
 * <p>{@code -Dpenstock.seed=<n>} repeats a run, {@code -Dpenstock.fuzz.responses=<n>} asks for more.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class WholeResponsesFuzzTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CALLERS = 24;

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "ip:127.0.0.1");
    }

    private final Map<String, FramedAnswer> ledger = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unheard = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "framing");
        thread.setDaemon(true);
        return thread;
    });

    private void accept(ServerSocket server, long seed) {
        try {
            for (; ; ) {
                Socket peer = server.accept();
                open.add(peer);
                threads.execute(() -> serve(peer, seed));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket peer, long seed) {
        try (peer) {
            peer.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(peer.getInputStream());
            for (String line = requestLine(in); line != null; line = requestLine(in)) {
                String[] words = line.split(" ", -1);
                String target = words[1];
                Random random = new Random(seed * 1_000_003 + Integer.parseInt(target.substring(2)));
                FramedAnswer answer = FramedAnswer.of(random, words[0], target);
                ledger.put(target, answer);
                send(peer.getOutputStream(), answer, random);
                if (answer.closes()) {
                    if (!answer.valid() && random.nextBoolean()) {
                        peer.setSoLinger(true, 0);
                    }
                    return;
                }
            }
        } catch (IOException hungUp) {
            // the client has gone
        } finally {
            open.remove(peer);
        }
    }

    /** What is behind the end of an answer is sent together with it: later, it could meet the next request. */
    private static void send(OutputStream out, FramedAnswer answer, Random random) throws IOException {
        int from = 0;
        for (int pieces = random.nextInt(4); pieces > 0 && from < answer.end() - 1; pieces--) {
            int to = from + random.nextInt(answer.end() - 1 - from);
            out.write(answer.bytes(), from, to - from);
            from = to;
            if (random.nextInt(50) == 0) {
                pause();
            }
        }
        out.write(answer.bytes(), from, answer.bytes().length - from);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String requestLine(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int last = 0, next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.substring(0, head.indexOf("\r\n"));
            }
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource({"false, 50000", "true, 5000"})
    void acceptsValidResponsesAndFailsTruthfullyOnOthers(boolean secure, int standard) throws IOException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        int calls = Integer.getInteger("penstock.fuzz.responses", standard);
        BufferLeaks leaks = BufferLeaks.watch();
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = secure
                        ? certificate.server().getServerSocketFactory().createServerSocket(0, 50, here)
                        : new ServerSocket(0, 50, here);
                ApiClient client = client(server, secure)) {
            threads.execute(() -> accept(server, seed));

            List<String> faults = Flux.range(0, calls)
                    .flatMap(i -> call(client, i), CALLERS)
                    .filter(fault -> !fault.isEmpty())
                    .collectList()
                    .block(PATIENCE);

            assertThat(faults).as("-Dpenstock.seed=%d", seed).isEmpty();
            assertThat(unheard.get())
                    .as("requests on connections that the server was closing")
                    .isLessThan(calls / 10);
            Eventually.until(() -> client.inspect().connections().stream()
                    .allMatch(pool -> pool.active() == 0 && pool.pending() == 0));
            client.closeLater().block(PATIENCE);
            Eventually.until(open::isEmpty);
        } finally {
            threads.shutdownNow();
        }
        assertThat(leaks.found()).isEmpty();
    }

    private static ApiClient client(ServerSocket server, boolean secure) {
        ConnectionOptions options = ConnectionOptions.standard()
                .withPool(8, 1_000, Duration.ofMinutes(1))
                .withTrusted(List.of(certificate.certificate()));
        URI base = URI.create((secure ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort());
        return ApiClient.builder(VendorSpec.generic("api", base))
                .withoutGate()
                .circuit(CircuitPolicy.off())
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .connections(options)
                .build();
    }

    /** Makes a call and emits what is wrong with its outcome, or an empty text. */
    private Mono<String> call(ApiClient client, int number) {
        Method method = number % 10 == 0 ? Method.HEAD : number % 3 == 0 ? Method.DELETE : Method.GET;
        String target = "/n" + number;
        return client.execute(ApiRequest.of(method, target))
                .map(response -> judged(target, method, response))
                .onErrorResume(ApiException.class, failure -> Mono.just(judged(target, failure)));
    }

    private String judged(String target, Method method, ApiResponse<JsonNode> response) {
        FramedAnswer answer = ledger.get(target);
        String told = target + " got " + response.status() + " " + response.value();
        if (answer == null || !answer.valid() || response.status() != answer.status()) {
            return told + ", the server said " + answer;
        }
        JsonNode value = response.value();
        boolean without = method == Method.HEAD || answer.status() == 204;
        boolean right = without
                ? value == null
                : value != null && value.path("for").asString().equals(target);
        return right ? "" : told;
    }

    private String judged(String target, ApiException failure) {
        FramedAnswer answer = ledger.get(target);
        String told = target + " failed with " + failure + ", the server said " + answer;
        if (answer == null) {
            unheard.incrementAndGet();
            boolean lost = failure.kind() == ErrorKind.CONNECTION_LOST || failure.kind() == ErrorKind.CONNECT;
            return lost && failure.certainty() != Certainty.PROCESSED && failure.certainty() != Certainty.REJECTED
                    ? ""
                    : told;
        }
        boolean success = answer.status() < 300;
        if (answer.valid()) {
            return !success && failure.status() == answer.status() ? "" : told;
        }
        boolean plausible = failure.certainty() != Certainty.NOT_SENT
                && (failure.certainty() != Certainty.REJECTED || (failure.status() == answer.status() && !success));
        return plausible ? "" : told;
    }
}
