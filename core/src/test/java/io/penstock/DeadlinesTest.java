package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Transport;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.Probe;
import io.penstock.retry.Backoff;
import io.penstock.spec.ListForm;
import io.penstock.timeout.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The rows of docs/deadlines.md: the scope of each deadline and its greatest delay. */
class DeadlinesTest {

    private static final Duration LATEST = Duration.ofMillis(10);
    private static final Duration DEADLINE = Duration.ofMillis(1_003);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");

    private final Lab lab = new Lab();

    private static StubTransport silent() {
        return new StubTransport(n -> new Answer(0, "", Headers.none()));
    }

    /** The signals of a subscriber, with the time of the last. */
    private static final class Heard {
        final List<Object> values = new ArrayList<>();

        @Nullable
        Throwable error;

        long endedAtMillis = -1;

        ApiException failure() {
            return (ApiException) Objects.requireNonNull(error, "no error");
        }
    }

    private long nowMillis() {
        return lab.time.now(TimeUnit.MILLISECONDS);
    }

    private Heard hear(Flux<?> source) {
        Heard heard = new Heard();
        source.subscribe(
                heard.values::add,
                error -> {
                    heard.error = error;
                    heard.endedAtMillis = nowMillis();
                },
                () -> heard.endedAtMillis = nowMillis());
        return heard;
    }

    /** Advances the time in steps of a millisecond, as a clock does. */
    private void pass(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis++) {
            lab.time.advanceTimeBy(Duration.ofMillis(1));
        }
    }

    private void endsAtTheDeadline(Flux<?> source, Certainty certainty) {
        long from = nowMillis();
        Heard heard = hear(source);
        pass(DEADLINE.plus(LATEST).plusSeconds(1));

        assertThat(heard.error).as("heard %s", heard.values).isInstanceOf(ApiException.class);
        assertThatObject(heard.failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(heard.failure().certainty()).isEqualTo(certainty);
        assertThat(heard.endedAtMillis - from)
                .isBetween(DEADLINE.toMillis(), DEADLINE.plus(LATEST).toMillis());
    }

    private ApiClientBuilder client(Transport wire) {
        return lab.client(StubTransport.always(200, "{}")).transport(wire);
    }

    private DrippingTransport elementEvery(Duration period) {
        return new DrippingTransport(
                Headers.of("content-type", "application/json"),
                call -> Flux.interval(Duration.ZERO, period, lab.time).map(n -> n == 0 ? "[{}" : ",{}"));
    }

    // ---- single calls ----

    @Test
    void endsAttemptAtTheDeadline() {
        ApiClient client = client(silent()).deadline(DEADLINE).build();

        endsAtTheDeadline(client.execute(USAGE).flux(), Certainty.MAYBE_PROCESSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PER_CALL", "PER_ATTEMPT"})
    void endsOperatorThatNeverEndsAtTheDeadline(Operator.Position position) {
        ApiClient client = client(StubTransport.always(200, "{}"))
                .operator(position, Operator.of("never", (call, next) -> Mono.never()))
                .deadline(DEADLINE)
                .build();

        endsAtTheDeadline(client.execute(USAGE).flux(), Certainty.NOT_SENT);
    }

    @Test
    void endsSecondAttemptAtTheDeadlineOfTheCall() {
        StubTransport wire = new StubTransport(n -> n == 1 ? Answer.of(503, "") : new Answer(0, "", Headers.none()));
        ApiClient client = client(wire).deadline(DEADLINE).build();

        endsAtTheDeadline(client.execute(USAGE).flux(), Certainty.MAYBE_PROCESSED);
        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void endsProbeAtTheDeadlineOfItsCall() {
        StubTransport wire = new StubTransport(n -> n == 1 ? Answer.of(504, "") : new Answer(0, "", Headers.none()));
        ApiRequest<JsonNode> order =
                ApiRequest.post("orders").reconciledBy(Probe.of(ApiRequest.get("orders"), answer -> answer));
        ApiClient client = client(wire).deadline(DEADLINE).build();

        long from = nowMillis();
        Heard heard = hear(client.execute(order).flux());
        pass(DEADLINE.plusSeconds(1));

        assertThat(wire.sent).hasSize(2);
        assertThat(heard.failure().certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(heard.endedAtMillis - from)
                .isBetween(DEADLINE.toMillis(), DEADLINE.plus(LATEST).toMillis());
    }

    @Test
    void endsWaitForATokenAtTheDeadlineOfTheCall() {
        ApiClient client = lab.client(Lab.WITH_TOKEN, silent())
                .secret(Secret.of("refresh"))
                .deadline(Duration.ofMinutes(10))
                .attemptTimeout(Duration.ofMinutes(10))
                .build();

        endsAtTheDeadline(client.execute(USAGE.deadline(DEADLINE)).flux(), Certainty.NOT_SENT);
    }

    // ---- the gate ----

    private ApiClient occupied(StubTransport wire) {
        ApiClient client = client(wire)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .attemptTimeout(Duration.ofMinutes(10))
                .deadline(Duration.ofMinutes(10))
                .build();
        client.execute(USAGE).subscribe();
        assertThat(wire.sent).hasSize(1);
        return client;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 37, 1_003})
    void endsWaitAtTheGateAtTheDeadline(long millis) {
        ApiClient client = occupied(silent());
        long from = nowMillis();
        Heard heard =
                hear(client.execute(USAGE.deadline(Duration.ofMillis(millis))).flux());
        pass(Duration.ofMillis(millis).plus(LATEST).plusSeconds(1));

        assertThatObject(heard.failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(heard.failure().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(heard.failure()).hasMessageContaining("waiting for quota");
        assertThat(heard.endedAtMillis - from).isBetween(millis, millis + LATEST.toMillis());
    }

    @Test
    void endsEachWaitInLongQueueAtItsOwnDeadline() {
        ApiClient client = occupied(silent());
        List<Heard> waiting = new ArrayList<>();
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long millis = 5L + i * 37 % 500;
            due.add(nowMillis() + millis);
            waiting.add(hear(
                    client.execute(USAGE.deadline(Duration.ofMillis(millis))).flux()));
            if (i % 7 == 0) {
                lab.time.advanceTimeBy(Duration.ofMillis(1));
            }
        }
        pass(Duration.ofSeconds(2));

        for (int i = 0; i < waiting.size(); i++) {
            assertThat(waiting.get(i).endedAtMillis)
                    .as("call %d", i)
                    .isBetween(due.get(i), due.get(i) + LATEST.toMillis());
        }
    }

    // ---- bodies that are read while they arrive ----

    @Test
    void endsStreamAtTheDeadlineOfItsRequest() {
        ApiClient client = client(elementEvery(Duration.ofMillis(100))).build();

        endsAtTheDeadline(client.stream(USAGE.elements(JsonNode.class).deadline(DEADLINE)), Certainty.PROCESSED);
    }

    @Test
    void endsStreamAtLaterDeadlineAroundIt() {
        ApiClient client = client(elementEvery(Duration.ofMillis(100)))
                .deadline(Duration.ofMillis(200))
                .build();

        endsAtTheDeadline(
                client.stream(USAGE.elements(JsonNode.class)).contextWrite(Deadline.in(DEADLINE, lab.time)),
                Certainty.PROCESSED);
    }

    @Test
    void endsStreamAtTheDeadlineWithoutDemand() {
        ApiClient client = client(new DrippingTransport(
                        Headers.of("content-type", "application/json"),
                        call -> Flux.concat(Flux.just("[{},{},{},{}"), Flux.never())))
                .build();

        long from = nowMillis();
        Heard heard = new Heard();
        client.stream(USAGE.elements(JsonNode.class).deadline(DEADLINE)).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(1);
            }

            @Override
            protected void hookOnNext(JsonNode element) {
                heard.values.add(element);
            }

            @Override
            protected void hookOnError(Throwable error) {
                heard.error = error;
                heard.endedAtMillis = nowMillis();
            }
        });
        pass(DEADLINE.plusSeconds(1));

        assertThat(heard.values).hasSize(1);
        assertThatObject(heard.failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(heard.endedAtMillis - from)
                .isBetween(DEADLINE.toMillis(), DEADLINE.plus(LATEST).toMillis());
    }

    @Test
    void continuesStreamAfterTheDeadlineOfTheClient() {
        ApiClient client = client(elementEvery(Duration.ofMillis(100)))
                .deadline(Duration.ofMillis(200))
                .build();
        Heard heard = hear(client.stream(USAGE.elements(JsonNode.class)).take(30));
        pass(Duration.ofSeconds(4));

        assertThat(heard.error).isNull();
        assertThat(heard.values).hasSize(30);
    }

    @Test
    void releasesTimerOfEndedStream() {
        SeededScheduler clock = new SeededScheduler();
        ApiClient client = client(new DrippingTransport(
                        Headers.of("content-type", "application/json"), call -> Flux.just("[{},{}]")))
                .scheduler(clock)
                .build();
        long from = clock.now(TimeUnit.HOURS);
        for (int taken = 1; taken <= 3; taken++) {
            client.stream(USAGE.elements(JsonNode.class).deadline(Duration.ofHours(2)))
                    .take(taken)
                    .blockLast(Duration.ofSeconds(30));
        }
        while (clock.runNext()) {
            // until nothing is left to run
        }

        assertThat(clock.now(TimeUnit.HOURS) - from).isLessThan(2);
    }

    // ---- events ----

    private DrippingTransport eventThenLost(String retry) {
        return new DrippingTransport(
                Headers.of("content-type", "text/event-stream"), call -> Flux.just(retry + "id: 1\ndata: a\n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry: 5000\n", "retry: 999999999\n"})
    void startsNoWaitBetweenEventsPastTheDeadline(String retry) {
        DrippingTransport wire = eventThenLost(retry);
        ApiClient client = client(wire).build();
        long from = nowMillis();
        Heard heard = hear(client.events(USAGE).contextWrite(Deadline.in(DEADLINE, lab.time)));
        pass(Duration.ofSeconds(10));

        assertThat(heard.values).hasSize(1);
        assertThatObject(heard.failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(heard.failure().journey()).isNotEqualTo(Journey.none());
        assertThat(heard.endedAtMillis - from).isLessThanOrEqualTo(DEADLINE.toMillis());
        assertThat(wire.calls()).isEqualTo(1);
    }

    @Test
    void endsEventsAtTheDeadlineOfTheirRequestAcrossCalls() {
        DrippingTransport wire = new DrippingTransport(
                Headers.of("content-type", "text/event-stream"),
                call -> call == 1
                        ? Flux.just("retry: 100\nid: 1\ndata: a\n\n")
                        : Flux.interval(Duration.ZERO, Duration.ofMillis(100), lab.time)
                                .map(n -> "id: " + n + "\ndata: b\n\n"));
        ApiClient client = client(wire)
                .retry(Lab.STEADY.withBackoff(new Backoff(Duration.ofMillis(10), 1, Duration.ofMillis(10), 0)))
                .build();

        endsAtTheDeadline(client.events(USAGE.deadline(DEADLINE)), Certainty.PROCESSED);
        assertThat(wire.calls()).isEqualTo(2);
    }

    @Test
    void resumesEventsAfterServersWaitWithoutDeadline() {
        DrippingTransport wire = eventThenLost("retry: 86400000\n");
        List<ServerSentEvent> events = new ArrayList<>();
        client(wire).build().events(USAGE).take(2).subscribe(events::add);
        lab.time.advanceTimeBy(Duration.ofDays(1).plusSeconds(1));

        assertThat(events).hasSize(2);
    }

    // ---- downloads ----

    private final ByteArrayOutputStream stored = new ByteArrayOutputStream();

    private CompletableFuture<Download> download(ApiClient client, ApiRequest<?> request, Deadline deadline) {
        return client.download(request, DownloadTarget.channel(Channels.newChannel(stored)), DownloadOptions.standard())
                .contextWrite(deadline)
                .toFuture();
    }

    /** Advances the time once the first part has been stored, which needs no virtual time. */
    private void failsAtTheDeadline(DrippingTransport wire, CompletableFuture<Download> download) {
        await(() -> stored.size() > 0);
        assertThat(download).isNotDone();
        lab.time.advanceTimeBy(DEADLINE.minusMillis(1));
        assertThat(download).isNotDone();
        lab.time.advanceTimeBy(LATEST);

        assertThatThrownBy(() -> download.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(ApiException.class, failure -> {
                    assertThatObject(failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
                    assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
                });
        assertThat(wire.calls()).isEqualTo(1);
    }

    private static void await(BooleanSupplier condition) {
        long from = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - from)
                    .isLessThan(Duration.ofSeconds(30).toNanos());
            Thread.onSpinWait();
        }
    }

    private static DrippingTransport halfAFile() {
        return new DrippingTransport(
                Headers.of("content-type", "text/plain", "content-length", "8", "etag", "\"a\""),
                call -> Flux.concat(Flux.just("half"), Flux.never()));
    }

    @Test
    void endsDownloadAtTheDeadlineOfItsRequest() {
        DrippingTransport wire = halfAFile();
        ApiClient client = client(wire).idleTimeout(Duration.ofHours(1)).build();

        failsAtTheDeadline(wire, download(client, USAGE.deadline(DEADLINE), Deadline.in(LONGEST, lab.time)));
    }

    @Test
    void endsDownloadAtTheDeadlineAroundIt() {
        DrippingTransport wire = halfAFile();
        ApiClient client = client(wire).idleTimeout(Duration.ofHours(1)).build();

        failsAtTheDeadline(wire, download(client, USAGE, Deadline.in(DEADLINE, lab.time)));
    }

    @Test
    void startsNoWaitForResumedDownloadPastTheDeadline() {
        DrippingTransport wire = new DrippingTransport(
                Headers.of("content-type", "text/plain", "content-length", "8", "etag", "\"a\""),
                call -> Flux.concat(Flux.just("half"), Flux.error(new IOException("cut"))));
        ApiClient client = client(wire).build(); // waits of one second
        CompletableFuture<Download> download = download(client, USAGE, Deadline.in(Duration.ofMillis(900), lab.time));

        assertThatThrownBy(() -> download.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(ApiException.class);
        assertThat(wire.calls()).isEqualTo(1);
    }

    // ---- lists and polls ----

    @Test
    void fetchesNoPageAfterTheDeadlineAroundTheList() {
        StubTransport wire = new StubTransport(n -> Answer.of(200, "{\"rows\":[1,2],\"next\":\"c" + n + "\"}"));
        ApiClient client = lab.client(
                        Lab.SPEC.withLists(ListForm.of(
                                Payload.page(JsonNode.class, List.of(), List.of("next")), Paging.cursor("after"))),
                        wire)
                .build();
        Heard heard = hear(client.pages(ApiRequest.get("numbers"), Integer.class)
                .items()
                .delayElements(Duration.ofMillis(300), lab.time)
                .contextWrite(Deadline.in(DEADLINE, lab.time)));
        pass(DEADLINE.plusSeconds(5));

        assertThatObject(heard.failure().kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(heard.failure().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(wire.sent).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void endsPollingAtTheDeadlineAroundIt() {
        StubTransport wire = new StubTransport(n -> n < 3 ? Answer.of(200, "{}") : new Answer(0, "", Headers.none()));
        ApiClient client = client(wire).build();
        Polling<JsonNode> polling = Polling.<JsonNode>of(USAGE, answer -> PollStatus.of(PollState.RUNNING))
                .every(Duration.ofMillis(100));
        long from = nowMillis();
        Heard heard = hear(client.poll(polling).result().flux().contextWrite(Deadline.in(DEADLINE, lab.time)));
        pass(Duration.ofSeconds(3));

        assertThat(heard.error).isNotNull();
        assertThat(heard.endedAtMillis - from)
                .isLessThanOrEqualTo(DEADLINE.plus(LATEST).toMillis());
    }

    // ---- the longest ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void treatsLongestDeadlineAsNone(boolean ofRequest) {
        ApiClientBuilder builder = client(StubTransport.always(200, "{}").taking(Duration.ofSeconds(1)))
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .attemptTimeout(LONGEST)
                .idleTimeout(LONGEST)
                .firstByteTimeout(LONGEST)
                .operator(Operator.Position.PER_CALL, Operator.of("none", (call, next) -> next.exchange(call)))
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("none", (call, next) -> next.exchange(call)));
        ApiClient client =
                ofRequest ? builder.build() : builder.deadline(LONGEST).build();
        ApiRequest<JsonNode> request = ofRequest ? USAGE.deadline(LONGEST) : USAGE;
        AtomicInteger answers = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            client.execute(request)
                    .contextWrite(Deadline.in(LONGEST, lab.time))
                    .subscribe(answer -> answers.incrementAndGet());
        }
        pass(Duration.ofSeconds(5));

        assertThat(answers).hasValue(3);
    }
}
