package io.penstock.test;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Connections lost after the request was sent and before a head came back: the server may have acted. */
class BeforeTheResponseTest extends FailureTable {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";

    private static Row lost(String name, RawServer.Script script, String how) {
        return Row.of(
                name,
                script,
                new Told(
                        ErrorKind.CONNECTION_LOST,
                        null,
                        MAYBE_PROCESSED,
                        TRANSIENT,
                        how + " before the response",
                        2,
                        1));
    }

    private static Row noHttp(String name, String answer) {
        return violation(name, answer, "does not speak HTTP before the response");
    }

    private static Row tooLong(String name, String answer) {
        return violation(
                name,
                answer,
                "response head of more than 32768 bytes (expected: at most that; raise maxResponseHeaderBytes of"
                        + " ConnectionOptions)");
    }

    private static Row violation(String name, String answer, String message) {
        return Row.of(
                name,
                peer -> {
                    peer.request();
                    peer.send(answer);
                    peer.fin();
                },
                new Told(ErrorKind.PROTOCOL_VIOLATION, null, MAYBE_PROCESSED, TRANSIENT, message, 2, 1));
    }

    private static RawServer.Script fin(String after) {
        return peer -> {
            peer.request();
            peer.send(after);
            peer.fin();
        };
    }

    private static RawServer.Script rst(String after) {
        return peer -> {
            peer.request();
            peer.send(after);
            peer.rst();
        };
    }

    static Stream<Row> rows() {
        return Stream.of(
                lost("FIN without a byte", fin(""), "closed"),
                lost("RST without a byte", rst(""), "reset"),
                lost("FIN inside the status line", fin("HTTP/1.1 20"), "closed"),
                lost("RST inside the status line", rst("HTTP/1.1 20"), "reset"),
                lost("FIN inside the headers", fin("HTTP/1.1 200 OK\r\nContent-Le"), "closed"),
                lost("RST inside the headers", rst("HTTP/1.1 200 OK\r\nContent-Le"), "reset"),
                lost("FIN between headers and body", fin("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n"), "closed"),
                lost("100 Continue, then FIN", fin("HTTP/1.1 100 Continue\r\n\r\n"), "closed"),
                lost("103 Early Hints, then FIN", fin("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), "closed"),
                lost("103 Early Hints, then RST", rst("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), "reset"),
                noHttp("garbage", "\u0000\u0001\u0002 this is no HTTP \u007f\r\n\r\n"),
                noHttp("the banner of another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                noHttp("101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
                noHttp("a status that is no number", "HTTP/1.1 abc OK\r\n\r\n"),
                noHttp("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-Length: 9\r\n\r\n{\"n\": 1}"),
                tooLong("headers of 40 KiB", "HTTP/1.1 200 OK\r\nx-long: " + "a".repeat(40 * 1024) + "\r\n\r\n"),
                tooLong("a status line of 40 KiB", "HTTP/1.1 200 " + "a".repeat(40 * 1024) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "GET: {0}")
    @MethodSource("rows")
    void retriesGet(Row row) {
        assertRow(row, Method.GET);
    }

    @ParameterizedTest(name = "POST: {0}")
    @MethodSource("rows")
    void doesNotRetryPostWithoutKey(Row row) {
        assertRow(row, Method.POST);
    }

    /** The second request waits at the gate for a quota to be announced, and is sent when none is. */
    @Test
    void retriesGetThroughTheGate() {
        Row row = rows().findFirst().orElseThrow();
        RawServer server = server(row.script());
        try (ApiClient client = ApiClient.builder(VendorSpec.generic("api", URI.create("http://" + server.authority())))
                .retry(TWICE)
                .build()) {
            assertTold(failureOf(client.value(request(Method.GET))), row.told());
            assertThat(server.requests()).isEqualTo(2);
        }
    }

    /** The limit holds for the sum of all headers, and for each connection anew. */
    @ParameterizedTest
    @CsvSource({"1024, 900, true", "1024, 1100, false", "100000, 90000, true", "100000, 110000, false"})
    void acceptsResponseHeadersUpToConfiguredLimit(int limit, int size, boolean accepted) {
        String header = "x-pad: " + "a".repeat(91) + "\r\n";
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\n" + header.repeat(size / 100) + "Content-Length: 8\r\n\r\n{\"n\": 1}");
            }
        });
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.connections(ConnectionOptions.standard().withMaxResponseHeaderBytes(limit)));

        for (int i = 0; i < 2; i++) {
            Connections.awaitReturn(client);
            if (accepted) {
                assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
            } else {
                assertThat(failureOf(client.value(request(Method.POST))))
                        .matches(ErrorKind.PROTOCOL_VIOLATION::matches)
                        .hasMessageContaining("response head of more than " + limit + " bytes")
                        .hasMessageContaining("raise maxResponseHeaderBytes");
            }
        }
        assertThat(server.connections()).isEqualTo(accepted ? 1 : 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
            })
    void skipsInformationalResponses(String informational) {
        RawServer server = server(peer -> {
            for (; ; ) {
                peer.request();
                peer.send(informational);
                peer.pause(20);
                peer.send(OK);
            }
        });
        ApiClient client = client(server);

        for (int i = 0; i < 3; i++) {
            assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
        }
        assertThat(server.requests()).isEqualTo(3);
    }

    private static final String JUNK = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"n\": 66}";

    /** The other calls wait for the one connection, and get it while the junk is still being decoded. */
    @Test
    void neverGivesSecondAnswerToTheNextRequest() {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK + JUNK);
            peer.silence();
        });
        ApiClient client = client(
                "http://" + server.authority(),
                b -> b.retry(TWICE.withMaxAttempts(10).withBudgetShare(1))
                        .connections(ConnectionOptions.standard().withPool(1, 10, LONG)));

        List<String> answers = Flux.range(0, 6)
                .flatMap(i -> client.value(request(Method.GET)).map(JsonNode::toString))
                .collectList()
                .block(PATIENCE);

        assertThat(answers).hasSize(6).containsOnly("{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {JUNK, "no HTTP\r\n\r\n", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"})
    void closesIdleConnectionOnUnrequestedBytes(String unasked) {
        Semaphore idle = new Semaphore(0);
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK);
            idle.acquireUninterruptibly();
            peer.send(unasked);
            peer.silence();
        });
        ApiClient client = client(server);

        for (int i = 1; i <= 2; i++) {
            assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
            awaitIdle(client);
            idle.release();
            Eventually.until(() -> server.open() == 0);
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    private static void awaitIdle(ApiClient client) {
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.idle() == 1));
    }

    @Test
    void doesNotReuseConnectionClosedWhileIdle() {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK);
            if (peer.number() == 1) {
                peer.fin();
            } else {
                peer.silence();
            }
        });
        ApiClient client = client(server);
        client.value(request(Method.POST)).block(PATIENCE);
        Eventually.until(() -> server.open() == 0);

        var second = client.execute(request(Method.POST)).block(PATIENCE);

        assertThat(second.journey().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.reusedConnection()).isFalse());
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reportsMaybeProcessedWhenReusedConnectionCloses(boolean orderly) {
        RawServer server = server(peer -> {
            peer.request();
            peer.send(OK);
            (orderly ? fin("") : rst("")).play(peer);
        });
        ApiClient client = client(server);
        client.value(request(Method.POST)).block(PATIENCE);
        awaitIdle(client);

        var failure = failureOf(client.value(request(Method.POST)));

        assertThat(failure.certainty()).isEqualTo(MAYBE_PROCESSED);
        assertThat(failure.journey().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.reusedConnection()).isTrue());
        assertThat(server.requests()).isEqualTo(2);
    }
}
