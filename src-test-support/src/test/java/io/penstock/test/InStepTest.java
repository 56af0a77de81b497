package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Certainty.PROCESSED;
import static io.penstock.error.Certainty.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A connection stays in step: an answer belongs to the request before it, its framing alone says where it ends, and
 * what does not belong to it costs the connection, not a call.
 */
@Tag("slow")
class InStepTest extends FailureTable {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";
    private static final String JUNK = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"n\": 66}";
    private static final String EMPTY_CHUNKS = "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    record Thing(int n) {}

    private ApiClient single(RawServer server) {
        return client(
                "http://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard().withPool(1, 100, LONG)));
    }

    private static void awaitIdle(ApiClient client) {
        Eventually.until(() -> client.inspect().connections().stream().allMatch(pool -> pool.active() == 0));
    }

    /** Answers the first request of a connection with one thing, and everything after it regularly. */
    private static RawServer.Script first(String answer) {
        return peer -> {
            peer.request();
            peer.send(answer);
            for (; ; ) {
                peer.request();
                peer.send(OK);
            }
        };
    }

    private static ApiRequest<JsonNode> conditional() {
        return ApiRequest.get("things").header("if-none-match", "\"1\"");
    }

    private static ApiRequest<JsonNode> requestFor(String kind) {
        return kind.equals("HEAD")
                ? ApiRequest.of(Method.HEAD, "things")
                : kind.equals("304") ? conditional() : ApiRequest.get("things");
    }

    private static String answerTo(String kind) {
        return switch (kind) {
            case "HEAD" -> "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n";
            case "204" -> "HTTP/1.1 204 No Content\r\n\r\n";
            case "304" -> "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";
            case "chunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"n\": 1}\r\n0\r\n\r\n";
            default -> OK;
        };
    }

    /** Whatever is left is sent with the answer, or in a second packet. */
    @ParameterizedTest
    @CsvSource({
        "HEAD, whole, true",
        "204, whole, true",
        "304, whole, true",
        "200, whole, true",
        "chunks, whole, true",
        "HEAD, body, true",
        "204, body, true",
        "304, body, true",
        "200, body, true",
        "HEAD, head, true",
        "204, head, true",
        "304, head, true",
        "200, head, true",
        "chunks, head, true",
        "HEAD, head, false",
        "204, head, false",
        "304, head, false",
        "200, head, false",
        "200, line, true",
        "HEAD, line, true",
        "200, line, false"
    })
    void givesNoLeftoverToTheNextRequest(String kind, String leftover, boolean together) {
        String rest = switch (leftover) {
            case "whole" -> JUNK;
            case "body" -> "{\"n\": 66}";
            case "head" -> "HTTP/1.1 200 OK\r\nContent-Le";
            default -> "\r\n";
        };
        Semaphore answered = new Semaphore(0);
        RawServer server = server(peer -> {
            peer.request();
            if (together) {
                peer.send(answerTo(kind) + rest);
            } else {
                peer.send(answerTo(kind));
                answered.acquireUninterruptibly();
                peer.send(rest);
            }
            if (peer.number() > 1) {
                peer.silence();
            }
            peer.request(); // a second request here would be answered with the leftover
            peer.silence();
        });
        ApiClient client = single(server);

        client.execute(requestFor(kind)).block(PATIENCE);
        awaitIdle(client);
        answered.release(2);
        Eventually.until(() -> server.open() == 0);
        client.execute(requestFor(kind)).block(PATIENCE);

        assertThat(server.requests()).isEqualTo(2);
        assertThat(server.connections()).isEqualTo(2);
    }

    /** Pipelined leftovers meet callers that wait for the only connection. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "204", "304", "200", "chunks"})
    void givesNoLeftoverToWaitingCallers(String kind) {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(answerTo(kind) + JUNK);
            peer.silence();
        });
        ApiClient client = single(server);

        List<ApiResponse<JsonNode>> answers = Flux.range(0, 8)
                .flatMap(i -> client.execute(requestFor(kind)))
                .collectList()
                .block(PATIENCE);

        assertThat(answers)
                .hasSize(8)
                .noneSatisfy(
                        answer -> assertThat(String.valueOf(answer.value())).contains("66"));
        assertThat(server.connections()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 8\r\nContent-Length: 8", "Content-Length: 8, 8", "Content-Length: 8,8 "})
    void acceptsEqualLengthsAndKeepsConnection(String lengths) {
        RawServer server = server(first("HTTP/1.1 200 OK\r\n" + lengths + "\r\n\r\n{\"n\": 1}"));
        ApiClient client = client(server);

        for (int i = 0; i < 2; i++) {
            assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
            awaitIdle(client);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 8\r\nContent-Length: 9",
                "Content-Length: 8, 9",
                "Content-Length: +8",
                "Content-Length: -8",
                "Content-Length: 8x"
            })
    void refusesLengthsThatAreNone(String lengths) {
        RawServer server = server(first("HTTP/1.1 200 OK\r\n" + lengths + "\r\n\r\n{\"n\": 1}"));

        ApiException failure = failureOf(client(server).value(request(Method.POST)));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.PROTOCOL_VIOLATION);
        Eventually.until(() -> server.open() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "202 Accepted\r\n" + EMPTY_CHUNKS,
                "201 Created\r\nContent-Type: application/json\r\n" + EMPTY_CHUNKS,
                "200 OK\r\nContent-Encoding: gzip\r\n" + EMPTY_CHUNKS,
                "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
                "200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void takesEmptyBodyForNoneWhateverItsFraming(String answer) {
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send("HTTP/1.1 " + answer);
            }
        });
        ApiClient client = client(server);

        assertThat(client.execute(request(Method.POST)).block(PATIENCE).value()).isNull();
        assertThat(client.execute(request(Method.POST)
                                .as(Payload.json(Thing.class).orEmpty()))
                        .block(PATIENCE)
                        .value())
                .isNull();
        ApiException failure = failureOf(client.value(request(Method.POST).as(Thing.class)));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure.certainty()).isEqualTo(PROCESSED);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void reportsConnectionClosedBeforeLastChunkAsLost() {
        RawServer server = server(peer -> {
            peer.request();
            peer.send("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n");
            peer.fin();
        });

        assertThatObject(failureOf(client(server).value(request(Method.POST))).kind())
                .isEqualTo(ErrorKind.CONNECTION_LOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=1, max=100 | 2",
                "timeout=60, max=0  | 2",
                "timeout=0          | 2",
                "timeout=60, max=99 | 1",
                "timeout=60         | 1",
                "nonsense           | 1"
            })
    void reusesConnectionOnlyWithinKeepAlive(String keepAlive, int connections) {
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: " + keepAlive
                        + "\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
            }
        });
        ApiClient client = client(server);

        for (int i = 0; i < 2; i++) {
            client.value(request(Method.POST)).block(PATIENCE);
            awaitIdle(client);
        }
        assertThat(server.connections()).isEqualTo(connections);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 8\r\n",
                "HTTP/1.1 200 OK\r\nConnection: x, Close\r\n"
            })
    void closesConnectionThatIsNotPersistent(String head) {
        RawServer server = server(first(head + "Content-Length: 8\r\n\r\n{\"n\": 1}"));
        ApiClient client = client(server);

        for (int i = 1; i <= 2; i++) {
            client.value(request(Method.POST)).block(PATIENCE);
            Eventually.until(() -> server.open() == 0);
            assertThat(server.connections()).isEqualTo(i);
        }
    }

    /** The server reads the head only and closes at once, so that its system answers the rest with a reset. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void deliversAnswerThatComesBeforeTheBodyIsRead(int megabytes) {
        RawServer server = server(peer -> {
            peer.head();
            peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    + "Content-Length: 23\r\n\r\n{\"message\":\"too large\"}");
        });
        ApiClient client = client(server);
        byte[] body = new byte[megabytes << 20];

        for (int i = 0; i < 20; i++) {
            ApiException failure =
                    failureOf(client.value(ApiRequest.post("files").body(body, "application/octet-stream")));

            assertThat(failure.status()).as("%s, call %d", failure, i).isEqualTo(413);
            assertThat(failure.certainty()).isEqualTo(REJECTED);
        }
        assertThat(server.requests()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nEvil: 1", "\ta", "\u20ac"})
    void reportsHeaderThatCannotBeEncodedAsInvalidRequest(String value) {
        RawServer server = server(first(OK));
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.operator(Operator.Position.PER_ATTEMPT, new Operator() {
                    @Override
                    public Mono<Reply> apply(Call call, Exchange next) {
                        call.sharedHeader(List.of("x-a", value));
                        return next.exchange(call);
                    }

                    @Override
                    public String describe() {
                        return "unchecked";
                    }
                }));

        for (int i = 0; i < 3; i++) {
            ApiException failure = failureOf(client.value(request(Method.GET)));
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failure.certainty()).isEqualTo(NOT_SENT);
            assertThat(failure.journey().attempts()).hasSize(1);
            assertThat(failure.getMessage()).doesNotContain(value);
        }
        assertThat(server.requests()).isZero();
    }

    @Test
    void forgetsOriginsThatAreNotUsed() {
        ConnectionOptions brief = new ConnectionOptions(
                new ConnectionOptions.Pool(2, 10, LONG, Duration.ofMillis(20), Duration.ofMinutes(1)),
                LONG,
                LONG,
                List.of());
        List<RawServer> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(server(first(OK)));
        }
        ApiClient client = client("http://" + many.get(0).authority(), b -> b.connections(brief));
        for (RawServer server : many) {
            client.value(ApiRequest.at(URI.create("http://" + server.authority() + "/")))
                    .block(PATIENCE);
        }

        Eventually.until(() -> client.inspect().connections().isEmpty());
        Eventually.until(() -> many.stream().allMatch(server -> server.open() == 0));
        client.value(request(Method.GET)).block(PATIENCE);
    }

    /** A name may have several addresses, such as those of IPv4 and IPv6, of which some cannot be reached. */
    @Test
    void triesEveryAddressOfHost() throws IOException {
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            RawServer server = watched(RawServer.start(
                    new ServerSocketFactory() {
                        @Override
                        public ServerSocket createServerSocket(int port) throws IOException {
                            return new ServerSocket(port, 50, address);
                        }

                        @Override
                        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                            return createServerSocket(port);
                        }

                        @Override
                        public ServerSocket createServerSocket(int port, int backlog, InetAddress any)
                                throws IOException {
                            return createServerSocket(port);
                        }
                    },
                    first(OK)));
            ApiClient client = client("http://localhost:" + server.port(), b -> b);

            assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
        }
    }

    /** A record that notes the thread it is created on. */
    record Large(String text) {
        private static final AtomicReference<String> THREAD = new AtomicReference<>();

        Large {
            THREAD.set(Thread.currentThread().getName());
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, true", "1000000, false"})
    void decodesLargeBodyOffTheEventLoop(int size, boolean onLoop) {
        String body = "{\"text\":\"" + "x".repeat(size) + "\"}";
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        List<String> emittedOn = new CopyOnWriteArrayList<>();

        client(server)
                .value(ApiRequest.get("things").as(Large.class))
                .doOnNext(value -> emittedOn.add(Thread.currentThread().getName()))
                .block(PATIENCE);

        assertThat(Large.THREAD.get().startsWith("reactor-http")).isEqualTo(onLoop);
        assertThat(emittedOn).singleElement().asString().startsWith("reactor-http");
    }

    /** The cancel meets the call in the line, while it connects, while it is written, answered, decoded, or over. */
    @ParameterizedTest
    @ValueSource(longs = {20261130, 7})
    void leavesNothingBehindWhenCancelledAtAnyMoment(long seed) {
        Random random = new Random(seed);
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"n\r\n");
                peer.send("5\r\n\": 1}\r\n0\r\n\r\n");
            }
        });
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard().withPool(3, 1_000, LONG)));
        for (int i = 0; i < 600; i++) {
            List<Disposable> calls = new ArrayList<>();
            for (int n = random.nextInt(6); n >= 0; n--) {
                calls.add(client.value(request(Method.GET)).onErrorComplete().subscribe());
            }
            long until = System.nanoTime() + random.nextInt(400_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            calls.forEach(Disposable::dispose);
        }
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
    }

    /** What the server writes together with an answer never reaches another request. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverMixesUpAnswersOfMisbehavingServer(long seed) {
        RawServer server = server(peer -> {
            Random random = new Random(seed * 31 + peer.number());
            for (int n = 0; ; n++) {
                String target = target(peer.head());
                String body = "{\"for\":\"" + target + "\"}";
                String own = random.nextBoolean()
                        ? "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body
                        : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length())
                                + "\r\n" + body + "\r\n0\r\n\r\n";
                String junk = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"for\":\"junk\"}";
                String all = switch (random.nextInt(8)) {
                    case 0 -> own + junk;
                    case 1 -> own + junk.substring(0, random.nextInt(junk.length()));
                    case 2 -> "HTTP/1.1 103 Early Hints\r\n\r\n" + own;
                    case 3 -> own + "\r\n";
                    default -> own;
                };
                // What comes only after the answer has been read may come after the next request as well.
                int split = random.nextInt(own.length());
                peer.send(all.substring(0, split));
                if (random.nextInt(4) == 0) {
                    peer.pause(1);
                }
                peer.send(all.substring(split));
                if (random.nextInt(10) == 0) {
                    throw new IOException("closes");
                }
            }
        });
        UnaryOperator<ApiClientBuilder> patient =
                b -> b.retry(TWICE.withMaxAttempts(20).withBudgetShare(1))
                        .circuit(CircuitPolicy.off())
                        .connections(ConnectionOptions.standard().withPool(3, 1_000, LONG));
        ApiClient client = client("http://" + server.authority(), patient);

        List<String> wrong = Flux.range(0, 400)
                .flatMap(
                        i -> client.value(ApiRequest.get("n" + i))
                                .map(answer -> answer.path("for").asString().equals("/n" + i) ? "" : i + ": " + answer),
                        12)
                .filter(text -> !text.isEmpty())
                .collectList()
                .block(PATIENCE);

        assertThat(wrong).isEmpty();
    }

    private static String target(String head) {
        return head.substring(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
    }
}
