package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.body.ServerSentEvent;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.ServedEvents;
import io.penstock.test.simulator.streams.StreamServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Server-sent events over real sockets that drop. */
@ExtendWith(NoBufferLeaks.class)
class EventsOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ApiRequest<?> EVENTS = ApiRequest.get("events");

    private static final RetryPolicy BRIEFLY = RetryPolicy.standard()
            .withMaxAttempts(3)
            .withBackoff(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0));

    private final StreamServer server = StreamServer.start();
    private final ApiClient client = ApiClient.builder(VendorSpec.generic("api", server.origin()))
            .retry(BRIEFLY)
            .build();

    @AfterEach
    void everyConnectionCameBack() {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    private static List<String> expected(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> "event " + n).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void emitsEachEventOnceAcrossDroppedConnections(boolean byReset) {
        server.put("/events", new ServedEvents(200, 13, byReset));
        List<String> seen =
                client.events(EVENTS).map(ServerSentEvent::data).collectList().block(PATIENCE);
        assertThat(seen).isEqualTo(expected(1, 200));
        assertThat(server.requests()).hasSize(17);
        assertThat(server.requests().get(3).headers()).containsEntry("last-event-id", "39");
        assertThat(server.requests().get(0).headers())
                .containsEntry("accept", "text/event-stream")
                .doesNotContainKey("last-event-id");
    }

    @Test
    void resumesFromEventIdOfTheCaller() {
        server.put("/events", new ServedEvents(20, 7, true));
        assertThat(client.events(EVENTS.header("Last-Event-ID", "15"))
                        .map(ServerSentEvent::data)
                        .collectList()
                        .block(PATIENCE))
                .isEqualTo(expected(16, 20));
    }

    @Test
    void honoursRetryDelayOfTheServer() {
        server.put("/events", (request, wire) -> {
            boolean again = request.headers().containsKey("last-event-id");
            wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
            wire.send(again ? "" : "retry: 700\nid: a b\ndata: x\n\n");
        });
        long start = System.nanoTime();
        assertThat(client.events(EVENTS).count().block(PATIENCE)).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(700));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void doesNotResumeFromIdThatNoHeaderCanCarry() {
        server.put(
                "/events",
                (request, wire) -> wire.send(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\nid: \u0001\ndata: x\n\n"));
        assertThat(client.events(EVENTS).count().block(PATIENCE)).isEqualTo(1);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void completesOrFailsWithStreamWithoutIds() {
        server.put(
                "/events",
                (request, wire) -> wire.send(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: x\n\n"));
        assertThat(client.events(EVENTS).count().block(PATIENCE)).isEqualTo(1);
        server.put("/events", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100\r\n\r\ndata: x\n\n");
            wire.end();
        });
        List<ServerSentEvent> seen = new ArrayList<>();
        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> client.events(EVENTS).doOnNext(seen::add).blockLast(PATIENCE));
        assertThat(seen).hasSize(1);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void givesUpAfterBreaksWithoutProgress() {
        server.put("/events", (request, wire) -> {
            boolean again = request.headers().containsKey("last-event-id");
            wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100\r\n\r\n"
                    + (again ? ": nothing new\n\n" : "id: 1\ndata: x\n\n"));
            wire.end();
        });
        StepVerifier.create(client.events(EVENTS))
                .expectNextCount(1)
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify(PATIENCE);
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void resumesSilentStreamButNotCommentedOne() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        WatchedAttempt attempt = new WatchedAttempt();
        String id = "id: 1\n\n";
        String comment = ": still here\n\n";
        server.put("/events", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + id);
            attempt.await(call -> call.receivedBytes() == id.length());
            if (!request.headers().containsKey("last-event-id")) {
                // First the silence, then the wait before the next request; the pauses are for the client to take its
                // turn.
                while (server.requests().size() == 1) {
                    clock.advanceTimeBy(Duration.ofMillis(50));
                    pause();
                }
                return;
            }
            for (int i = 1; i <= 8; i++) {
                int received = id.length() + i * comment.length();
                clock.advanceTimeBy(Duration.ofMillis(400));
                wire.send(comment);
                attempt.await(call -> call.receivedBytes() == received);
            }
            wire.send("id: 2\ndata: at last\n\n");
        });
        try (ApiClient timed = ApiClient.builder(VendorSpec.generic("api", server.origin()))
                .scheduler(clock)
                .idleTimeout(Duration.ofMillis(500))
                .operator(Operator.Position.PER_ATTEMPT, attempt)
                .retry(BRIEFLY)
                .build()) {
            assertThat(timed.events(EVENTS.deadline(Duration.ofHours(1)))
                            .blockFirst(PATIENCE)
                            .data())
                    .isEqualTo("at last");
        }
        assertThat(server.requests()).hasSize(2);
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void classifiesRefusedEventStream() {
        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> client.events(ApiRequest.get("nothing")).blockLast(PATIENCE));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        server.put(
                "/events",
                (request, wire) ->
                        wire.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{}"));
        ApiException other = catchThrowableOfType(
                ApiException.class, () -> client.events(EVENTS).blockLast(PATIENCE));
        assertThatObject(other.kind()).isEqualTo(ErrorKind.UNDECODABLE);
    }
}
