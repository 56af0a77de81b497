package io.penstock.test;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Certainty.PROCESSED;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;

import io.penstock.ApiClientBuilder;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.http.Method;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Operator;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Timeouts after the request was handed to a connection: the failure names the limit and the progress of the answer.
 * Timeouts of the pool, of connecting and of TLS are in {@link NoConnectionTest}.
 *
 * <p>The sockets are real and the clock is virtual: the server's script advances it once it has read the request and
 * the client has received what was sent, and then in small steps until the client goes on, because the client may start a
 * timer a little later. So a slow machine changes nothing.
 */
class TimeoutsTest extends FailureTable {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n";
    private static final String SLOW_BODY = "\"" + "x".repeat(398) + "\"";
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(20);
    /** More than a timeout of 200 ms and the wait before the second attempt, less than a second timeout. */
    private static final Duration BEYOND_200_MS = Duration.ofMillis(300);

    private static final Duration BEYOND_800_MS = Duration.ofMillis(900);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicReference<Attempt> attempt = new AtomicReference<>();
    private volatile boolean over;

    /** What the server does with a request and with the clock. */
    private interface Answer {
        void play(RawServer.Peer peer, TimeoutsTest test) throws IOException;
    }

    /** A limit, an answer too slow for it, and the expected failure. */
    record Timeout(String name, UnaryOperator<ApiClientBuilder> limit, Answer answer, Told told) {
        @Override
        public String toString() {
            return name;
        }
    }

    private void pass(Duration virtual) {
        time.advanceTimeBy(virtual);
    }

    /** Waits until the client has read the head and the given number of bytes of the body. */
    private void awaitRead(long bytes) {
        Eventually.until(() -> attempt.get().status() == 200 && attempt.get().receivedBytes() == bytes);
    }

    private static Answer then(Duration virtual, RawServer.Script script) {
        return (peer, test) -> {
            script.play(peer);
            test.pass(virtual);
        };
    }

    private static Answer thenOnceRead(int bytes, String answer) {
        return (peer, test) -> {
            peer.send(answer);
            test.awaitRead(bytes);
            test.pass(BEYOND_200_MS);
        };
    }

    /** Sends byte by byte until the given time has passed, and then stops. */
    private void drip(RawServer.Peer peer, String bytes, Duration until) {
        for (int i = 0; i < until.dividedBy(BETWEEN_BYTES); i++) {
            try {
                peer.send(bytes.substring(i, i + 1));
            } catch (IOException hungUp) {
                // the time has run out; the clock goes on, because the next attempt waits for it
            }
            pass(BETWEEN_BYTES);
        }
    }

    private static ApiClientBuilder firstByte(ApiClientBuilder client) {
        return client.firstByteTimeout(Duration.ofMillis(200));
    }

    private static ApiClientBuilder idle(ApiClientBuilder client) {
        return client.idleTimeout(Duration.ofMillis(200));
    }

    private static ApiClientBuilder attempt(ApiClientBuilder client) {
        return client.attemptTimeout(Duration.ofMillis(800));
    }

    private static ApiClientBuilder total(ApiClientBuilder client) {
        return client.deadline(Duration.ofMillis(800));
    }

    private static Timeout row(
            String name,
            UnaryOperator<ApiClientBuilder> limit,
            Answer answer,
            Phase phase,
            Certainty certainty,
            String message) {
        Told told = phase == Phase.TOTAL
                ? new Told(ErrorKind.DEADLINE_EXCEEDED, phase, certainty, PERMANENT, message, 1, 1)
                : new Told(ErrorKind.TIMEOUT, phase, certainty, TRANSIENT, message, 2, 1);
        return new Timeout(name, limit, answer, told);
    }

    static Stream<Timeout> rows() {
        return Stream.of(
                row(
                        "silence",
                        TimeoutsTest::firstByte,
                        then(BEYOND_200_MS, peer -> {}),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte timeout of 200 ms: no answer yet"),
                row(
                        "100 Continue, then silence",
                        TimeoutsTest::firstByte,
                        then(BEYOND_200_MS, peer -> peer.send("HTTP/1.1 100 Continue\r\n\r\n")),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte timeout of 200 ms: no answer yet"),
                row(
                        "103 Early Hints, then silence",
                        TimeoutsTest::firstByte,
                        then(BEYOND_200_MS, peer -> peer.send("HTTP/1.1 103 Early Hints\r\n\r\n")),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte timeout of 200 ms: no answer yet"),
                row(
                        "a head that trickles",
                        TimeoutsTest::firstByte,
                        (peer, test) -> test.drip(peer, HEAD, BEYOND_200_MS),
                        Phase.FIRST_BYTE,
                        MAYBE_PROCESSED,
                        "first-byte timeout of 200 ms: no answer yet"),
                row(
                        "a head, then silence",
                        TimeoutsTest::idle,
                        thenOnceRead(0, HEAD),
                        Phase.IDLE,
                        PROCESSED,
                        "idle timeout of 200 ms: answer 200 not complete after 0 bytes"),
                row(
                        "half a body, then silence",
                        TimeoutsTest::idle,
                        thenOnceRead(5, HEAD + "\"xxxx"),
                        Phase.IDLE,
                        PROCESSED,
                        "idle timeout of 200 ms: answer 200 not complete after 5 bytes"),
                row(
                        "a chunk, then silence",
                        TimeoutsTest::idle,
                        thenOnceRead(3, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\"xx\r\n"),
                        Phase.IDLE,
                        PROCESSED,
                        "idle timeout of 200 ms: answer 200 not complete after 3 bytes"),
                row(
                        "silence, for an attempt",
                        TimeoutsTest::attempt,
                        then(BEYOND_800_MS, peer -> {}),
                        Phase.ATTEMPT,
                        MAYBE_PROCESSED,
                        "attempt timeout of 800 ms: no answer yet"),
                row(
                        "a body that trickles",
                        TimeoutsTest::attempt,
                        (peer, test) -> {
                            peer.send(HEAD);
                            test.awaitRead(0);
                            test.drip(peer, SLOW_BODY, BEYOND_800_MS);
                        },
                        Phase.ATTEMPT,
                        PROCESSED,
                        "attempt timeout of 800 ms: answer 200 not complete after "),
                row(
                        "silence, until the deadline",
                        TimeoutsTest::total,
                        then(BEYOND_800_MS, peer -> {}),
                        Phase.TOTAL,
                        MAYBE_PROCESSED,
                        "deadline of 800 ms reached: no answer yet"),
                row(
                        "a body that trickles until the deadline",
                        TimeoutsTest::total,
                        (peer, test) -> {
                            peer.send(HEAD);
                            test.awaitRead(0);
                            test.drip(peer, SLOW_BODY, BEYOND_800_MS);
                        },
                        Phase.TOTAL,
                        PROCESSED,
                        "deadline of 800 ms reached: answer 200 not complete after "));
    }

    /** Lets time pass until the client starts its next attempt or the test is over. */
    private void passUntilNextAttempt() {
        Attempt current = attempt.get();
        Thread clock = new Thread(
                () -> {
                    while (!over && attempt.get() == current) {
                        pass(BETWEEN_BYTES);
                        LockSupport.parkNanos(BETWEEN_BYTES.toNanos());
                    }
                },
                "clock");
        clock.setDaemon(true);
        clock.start();
    }

    @AfterEach
    void stopClock() {
        over = true;
    }

    private void assertTimeout(Timeout row, Method method) {
        Operator watch = Operator.of("watch", (call, next) -> {
            attempt.set(Attempt.of(call));
            return next.exchange(call);
        });
        RawServer.Script script = peer -> {
            peer.request();
            // The client may learn a little later than the server that the request is on its way.
            Eventually.until(() -> attempt.get().isDispatched());
            row.answer().play(peer, this);
            passUntilNextAttempt();
            peer.silence();
        };
        assertRow(
                new Row(
                        row.name(),
                        script,
                        b -> row.limit().apply(b).scheduler(time).operator(Operator.Position.PER_ATTEMPT, watch),
                        row.told()),
                method);
    }

    @ParameterizedTest(name = "GET: {0}")
    @MethodSource("rows")
    void retriesGetUnlessDeadlineHasPassed(Timeout row) {
        assertTimeout(row, Method.GET);
    }

    @ParameterizedTest(name = "POST: {0}")
    @MethodSource("rows")
    void doesNotRetryPostWithoutKey(Timeout row) {
        assertTimeout(row, Method.POST);
    }

    /** Only the timeout can end this call, so a slow machine changes nothing here either. */
    @Test
    void usesSystemClockByDefault() {
        Told told = new Told(
                ErrorKind.TIMEOUT,
                Phase.FIRST_BYTE,
                MAYBE_PROCESSED,
                TRANSIENT,
                "first-byte timeout of 200 ms: no answer yet",
                2,
                1);
        RawServer.Script silence = peer -> {
            peer.request();
            peer.silence();
        };

        assertRow(new Row("silence", silence, TimeoutsTest::firstByte, told), Method.GET);
    }
}
