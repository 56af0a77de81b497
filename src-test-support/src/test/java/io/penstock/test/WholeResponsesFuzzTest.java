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
import io.penstock.upload.Upload;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Random whole responses over sockets: heads, framing, codings, splits, pauses, closes, bytes behind an answer, answers to
 * requests that are still being written, and bytes on connections that carry no request. Valid ones are accepted, others
 * are failures that are true, and an answer reaches the call it was made for. Afterwards nothing is in use or remembered.
 *
 * <p>{@code -Dpenstock.seed=<n>} repeats a run, {@code -Dpenstock.fuzz.responses=<n>} asks for more.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class WholeResponsesFuzzTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CALLERS = 24;
    /** Longer than the client usually takes to read a piece. */
    private static final long PAUSE_NANOS = 200_000;

    private static final int ROUNDS = 5;
    private static final long HEAP_SLACK = 16L << 20;
    /** Calls whose body never comes to its end: one in so many. */
    private static final int UPLOADS = 41;

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
                if (words[0].equals("POST")) {
                    answerEarly(peer, in, answer, random);
                    return;
                }
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

    /** Answers although more of the request is to come, and gives the client time to notice before it closes. */
    private static void answerEarly(Socket peer, InputStream in, FramedAnswer answer, Random random)
            throws IOException {
        send(peer.getOutputStream(), answer, random);
        peer.shutdownOutput();
        while (in.read() >= 0) {
            // the rest of the request
        }
    }

    /** What is behind the end of an answer is sent together with it: later, it could meet the next request. */
    private static void send(OutputStream out, FramedAnswer answer, Random random) throws IOException {
        int from = 0;
        if (random.nextInt(400) == 0 && answer.end() < 400) {
            for (; from < answer.end() - 1; from++) {
                out.write(answer.bytes()[from]);
            }
        }
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
        long heap = 0;
        BufferLeaks leaks = BufferLeaks.watch();
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = secure
                        ? certificate.server().getServerSocketFactory().createServerSocket(0, 50, here)
                        : new ServerSocket(0, 50, here);
                ApiClient client = client(server, secure)) {
            threads.execute(() -> accept(server, seed));

            for (int round = 0; round < ROUNDS; round++) {
                List<String> faults = Flux.range(round * (calls / ROUNDS), calls / ROUNDS)
                        .flatMap(i -> call(client, i), CALLERS)
                        .filter(fault -> !fault.isEmpty())
                        .collectList()
                        .block(PATIENCE);

                assertThat(faults).as("-Dpenstock.seed=%d", seed).isEmpty();
                assertThat(ledger).as("answers to nothing").isEmpty();
                Connections.awaitReturn(client);
                talkUnasked(new Random(seed + round));
                Eventually.until(open::isEmpty);
                assertThat(client.inspect().connections())
                        .allSatisfy(pool -> assertThat(pool.idle()).isZero());
                if (round == 0) {
                    heap = LiveHeap.bytes();
                }
            }
            assertThat(LiveHeap.bytes() - heap).as("bytes of heap kept").isLessThan(HEAP_SLACK);
            assertThat(unheard.get())
                    .as("requests on connections that the server was closing")
                    .isLessThan(calls / 10);
            client.closeLater().block(PATIENCE);
            Eventually.until(open::isEmpty);
        } finally {
            threads.shutdownNow();
        }
        assertThat(leaks.found()).isEmpty();
    }

    /** Sends something on every connection, none of which carries a request: it costs the connection, not the next call. */
    private void talkUnasked(Random random) {
        List<String> words = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"for\":\"junk\"}",
                "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "\r\n",
                "?");
        for (Socket idle : open) {
            try {
                String said = words.get(random.nextInt(words.size()));
                idle.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                // the client was faster
            }
        }
    }

    /** Each answer in two pieces, of every size, of which the second comes when the first has been read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acceptsResponsesSplitAtEveryByte(boolean secure) throws IOException {
        String target = "/split";
        List<FramedAnswer> answers = LongStream.range(0, 100_000)
                .mapToObj(seed -> FramedAnswer.of(new Random(seed), "GET", target))
                .filter(answer -> answer.valid() && !answer.closes() && answer.bytes().length < 250)
                .limit(secure ? 2 : 8)
                .toList();
        try (RawServer server = RawServer.start(
                        secure ? certificate.server().getServerSocketFactory() : ServerSocketFactory.getDefault(),
                        peer -> {
                            for (; ; ) {
                                String query = peer.head().replaceAll("(?s).*\\?(.*) HTTP.*", "$1");
                                String[] numbers = query.split("=", -1);
                                FramedAnswer answer = answers.get(Integer.parseInt(numbers[0]));
                                String text = new String(answer.bytes(), StandardCharsets.ISO_8859_1);
                                int at = Integer.parseInt(numbers[1]);
                                peer.send(text.substring(0, at));
                                LockSupport.parkNanos(PAUSE_NANOS);
                                peer.send(text.substring(at));
                            }
                        });
                ApiClient client = client(server.port(), secure)) {
            List<String> faults = Flux.range(0, answers.size())
                    .concatMap(i -> Flux.range(0, answers.get(i).bytes().length + 1)
                            .flatMap(
                                    at -> {
                                        ledger.put(target + i + "/" + at, answers.get(i));
                                        return client.execute(
                                                        ApiRequest.get(target).query("" + i, "" + at))
                                                .map(response ->
                                                        judged(target + i + "/" + at, target, Method.GET, response))
                                                .onErrorResume(
                                                        ApiException.class,
                                                        failure -> Mono.just(judged(target + i + "/" + at, failure)));
                                    },
                                    8))
                    .filter(fault -> !fault.isEmpty())
                    .collectList()
                    .block(PATIENCE);

            assertThat(answers).hasSize(secure ? 2 : 8);
            assertThat(faults).isEmpty();
            assertThat(server.connections())
                    .as("every answer keeps its connection")
                    .isLessThanOrEqualTo(8);
        }
    }

    private static ApiClient client(ServerSocket server, boolean secure) {
        return client(server.getLocalPort(), secure);
    }

    private static ApiClient client(int port, boolean secure) {
        ConnectionOptions options = ConnectionOptions.standard()
                .withPool(8, 1_000, Duration.ofMinutes(1))
                .withTrusted(List.of(certificate.certificate()));
        URI base = URI.create((secure ? "https" : "http") + "://127.0.0.1:" + port);
        return ApiClient.builder(VendorSpec.generic("api", base))
                .withoutGate()
                .circuit(CircuitPolicy.off())
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .connections(options)
                .build();
    }

    /** Makes a call and emits what is wrong with its outcome, or an empty text. */
    private Mono<String> call(ApiClient client, int number) {
        Method method = number % UPLOADS == 0
                ? Method.POST
                : number % 10 == 0 ? Method.HEAD : number % 3 == 0 ? Method.DELETE : Method.GET;
        String target = "/n" + number;
        ApiRequest<JsonNode> request =
                number % UPLOADS == 0 ? ApiRequest.post(target).body(halfThere()) : ApiRequest.of(method, target);
        return client.execute(request)
                .map(response -> judged(target, target, method, response))
                .onErrorResume(ApiException.class, failure -> Mono.just(judged(target, failure)));
    }

    private static Upload halfThere() {
        ByteBuffer half = ByteBuffer.wrap(new byte[1_000]);
        return Upload.stream(Flux.concat(Mono.just(half), Mono.never()), "application/octet-stream");
    }

    private String judged(String key, String target, Method method, ApiResponse<JsonNode> response) {
        FramedAnswer answer = ledger.remove(key);
        String told = key + " got " + response.status() + " " + response.value();
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
        FramedAnswer answer = ledger.remove(target);
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
