package io.penstock.test;

import static io.penstock.Certainty.MAYBE_PROCESSED;
import static io.penstock.Certainty.PROCESSED;
import static io.penstock.Retryability.PERMANENT;
import static io.penstock.Retryability.TRANSIENT;

import io.penstock.ApiClient;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Method;
import io.penstock.Phase;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A time ran out after the request was handed to a connection: which one is told, and how far the answer had come. Time-outs
 * of the pool, of connecting and of TLS are in {@link NoConnectionTest}.
 */
class TimeOutsTest extends FailureTable {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n";
    private static final String SLOW_BODY = "\"" + "x".repeat(398) + "\"";

    private static ApiClient.Builder firstByte(ApiClient.Builder client) {
        return client.firstByteTimeout(Duration.ofMillis(200));
    }

    private static ApiClient.Builder idle(ApiClient.Builder client) {
        return client.idleTimeout(Duration.ofMillis(200));
    }

    private static ApiClient.Builder attempt(ApiClient.Builder client) {
        return client.attemptTimeout(Duration.ofMillis(800));
    }

    private static ApiClient.Builder total(ApiClient.Builder client) {
        return client.deadline(Duration.ofMillis(800));
    }

    private static Row row(
            String name,
            UnaryOperator<ApiClient.Builder> limit,
            RawServer.Script answer,
            Phase phase,
            Certainty certainty,
            String message) {
        Told told = phase == Phase.TOTAL
                ? new Told(ErrorKind.DEADLINE_EXCEEDED, phase, certainty, PERMANENT, message, 1, 1)
                : new Told(ErrorKind.TIMEOUT, phase, certainty, TRANSIENT, message, 2, 1);
        return new Row(
                name,
                peer -> {
                    peer.request();
                    answer.play(peer);
                    peer.silence();
                },
                limit,
                told);
    }

    static Stream<Row> rows() {
        return Stream.of(
                row(
                        "silence",
                        TimeOutsTest::firstByte,
                        peer -> {},
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte time-out of 200 ms: no answer yet"),
                row(
                        "100 Continue, then silence",
                        TimeOutsTest::firstByte,
                        peer -> peer.send("HTTP/1.1 100 Continue\r\n\r\n"),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte time-out of 200 ms: no answer yet"),
                row(
                        "103 Early Hints, then silence",
                        TimeOutsTest::firstByte,
                        peer -> peer.send("HTTP/1.1 103 Early Hints\r\n\r\n"),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte time-out of 200 ms: no answer yet"),
                row(
                        "a head that trickles",
                        TimeOutsTest::firstByte,
                        peer -> peer.drip(HEAD, 20),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte time-out of 200 ms: no answer yet"),
                row(
                        "a head, then silence",
                        TimeOutsTest::idle,
                        peer -> peer.send(HEAD),
                        Phase.IDLE,
                        PROCESSED,
                        "idle time-out of 200 ms: answer 200 not complete after 0 bytes"),
                row(
                        "half a body, then silence",
                        TimeOutsTest::idle,
                        peer -> peer.send(HEAD + "\"xxxx"),
                        Phase.IDLE,
                        PROCESSED,
                        "idle time-out of 200 ms: answer 200 not complete after 5 bytes"),
                row(
                        "a chunk, then silence",
                        TimeOutsTest::idle,
                        peer -> peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\"xx\r\n"),
                        Phase.IDLE,
                        PROCESSED,
                        "idle time-out of 200 ms: answer 200 not complete after 3 bytes"),
                row(
                        "silence, for an attempt",
                        TimeOutsTest::attempt,
                        peer -> {},
                        Phase.ATTEMPT,
                        MAYBE_PROCESSED,
                        "attempt time-out of 800 ms: no answer yet"),
                row(
                        "a body that trickles",
                        TimeOutsTest::attempt,
                        peer -> {
                            peer.send(HEAD);
                            peer.drip(SLOW_BODY, 20);
                        },
                        Phase.ATTEMPT,
                        PROCESSED,
                        "attempt time-out of 800 ms: answer 200 not complete after "),
                row(
                        "silence, until the deadline",
                        TimeOutsTest::total,
                        peer -> {},
                        Phase.TOTAL,
                        MAYBE_PROCESSED,
                        "deadline of 800 ms reached: no answer yet"),
                row(
                        "a body that trickles until the deadline",
                        TimeOutsTest::total,
                        peer -> {
                            peer.send(HEAD);
                            peer.drip(SLOW_BODY, 20);
                        },
                        Phase.TOTAL,
                        PROCESSED,
                        "deadline of 800 ms reached: answer 200 not complete after "));
    }

    @ParameterizedTest(name = "GET: {0}")
    @MethodSource("rows")
    void aGetIsSentAgainUnlessTheCallIsOver(Row row) {
        assertRow(row, Method.GET);
    }

    @ParameterizedTest(name = "POST: {0}")
    @MethodSource("rows")
    void aPostWithoutAKeyIsNot(Row row) {
        assertRow(row, Method.POST);
    }
}
