package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.polling.JobShape;
import io.penstock.polling.Poll;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.timeout.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Polls of long operations on a scripted wire in virtual time: every 30 s, growing by half up to 2 min. */
class PollTest {

    private static final Duration MIN = Duration.ofSeconds(30);
    private static final JobShape SHAPE = JobShape.at(
                    "/status",
                    StateWords.succeeding("succeeded").failing("failed").cancelling("cancelled"))
            .withPercent("/percent")
            .withExpectedAt("/eta")
            .withReason("/reason");
    private static final Polling<JsonNode> POLLING = Polling.of(
                    ApiRequest.get("jobs/{id}").path("id", "j1").query("token", "s3cret-in-a-query"), SHAPE)
            .withPolicy(PollPolicy.every(MIN).withJitter(0))
            .within(Duration.ofHours(2));

    private final Lab lab = new Lab();
    private final List<Answer> script = new ArrayList<>();
    private final List<Long> sentAt = new ArrayList<>();
    private final StubTransport wire = new StubTransport(n -> {
        sentAt.add(seconds());
        return script.get(Math.min(n, script.size()) - 1);
    });
    private final ApiClient client = lab.client(wire).build();

    private long seconds() {
        return lab.time.now(TimeUnit.SECONDS);
    }

    private static Answer state(String state, String... headers) {
        return answer(200, "{\"status\":\"" + state + "\"}", headers);
    }

    private static Answer answer(int status, String body, String... headers) {
        List<String> all = new ArrayList<>(
                List.of("content-type", "application/json", "content-length", body.isEmpty() ? "0" : "1"));
        all.addAll(List.of(headers));
        return new Answer(status, body, Headers.of(all.toArray(String[]::new)));
    }

    private Poll<JsonNode> poll(Answer... answers) {
        return poll(POLLING, answers);
    }

    private Poll<JsonNode> poll(Polling<JsonNode> polling, Answer... answers) {
        script.addAll(List.of(answers));
        return client.poll(polling);
    }

    private List<String> states(Poll<JsonNode> poll) {
        List<String> seen = new ArrayList<>();
        poll.subscribe(
                answer -> seen.add(answer.path("status").asString()),
                e -> seen.add(((ApiException) e).kind().name()),
                () -> seen.add("complete"));
        lab.time.advanceTimeBy(Duration.ofHours(3));
        return seen;
    }

    private ApiException failure(Poll<JsonNode> poll) {
        List<Throwable> errors = new ArrayList<>();
        poll.result().subscribe(v -> {}, errors::add);
        lab.time.advanceTimeBy(Duration.ofHours(3));
        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) errors.get(0);
    }

    // ---- states, result, waits ----

    @Test
    void emitsEveryStateAndCompletesWithTheLast() {
        Poll<JsonNode> poll = poll(state("queued"), state("running"), state("running"), state("succeeded"));

        assertThat(states(poll)).containsExactly("queued", "running", "running", "succeeded", "complete");
        assertThat(sentAt).containsExactly(0L, 30L, 75L, 142L);
    }

    @Test
    void pollsAgainAfterNotModified() {
        ApiRequest<JsonNode> conditional =
                ApiRequest.get("jobs/{id}").path("id", "j1").header("if-none-match", "\"v1\"");
        Answer unchanged = answer(304, "");

        assertThat(states(poll(
                        Polling.whileAccepted(conditional).withPolicy(POLLING.policy()),
                        unchanged,
                        answer(202, "{\"status\":\"running\"}"),
                        unchanged,
                        state("done"))))
                .containsExactly("running", "done", "complete");
        assertThat(sentAt).hasSize(4);
    }

    @Test
    void remembersLastStateAcrossNotModified() {
        Polling<JsonNode> polling = Polling.ofAnswers(
                        ApiRequest.get("jobs/{id}").path("id", "j1").header("if-none-match", "\"v1\""),
                        (ApiResponse<JsonNode> answer) -> SHAPE.apply(Objects.requireNonNull(answer.value())))
                .withPolicy(POLLING.policy())
                .within(Duration.ofMinutes(5));

        ApiException failure = failure(poll(polling, state("running"), answer(304, "")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(failure).hasMessageContaining("the last state seen is running");
    }

    @Test
    void followsVirtualTimeOfStepVerifier() {
        StepVerifier.withVirtualTime(() -> {
                    script.addAll(List.of(state("queued"), state("running"), state("succeeded")));
                    return ApiClient.builder(Lab.SPEC)
                            .transport(wire)
                            .build()
                            .poll(POLLING)
                            .map(answer -> answer.path("status").asString());
                })
                .expectSubscription()
                .expectNext("queued")
                .expectNoEvent(MIN)
                .expectNext("running")
                .expectNoEvent(Duration.ofSeconds(45))
                .expectNext("succeeded")
                .verifyComplete();
    }

    @Test
    void returnsLastAnswerAsResult() {
        List<String> results = new ArrayList<>();

        poll(state("running"), answer(200, "{\"status\":\"succeeded\",\"findings\":12}"))
                .result()
                .subscribe(answer -> results.add(answer.path("findings").asString()));
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(results).containsExactly("12");
    }

    @Test
    void emitsFailedStateAndFailsResult() {
        Answer failed = answer(200, "{\"status\":\"failed\",\"reason\":\"no route to target\"}");
        assertThat(states(poll(state("running"), failed))).containsExactly("running", "failed", "complete");

        ApiException e = failure(client.poll(POLLING));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.JOB_FAILED);
        assertThat(e).hasMessage("the operation behind GET /v1/jobs/j1 has failed (state failed): no route to target");
        assertThat(e.code()).isEqualTo("failed");
        assertThat(e.serverMessage()).isEqualTo("no route to target");
        assertThat(e.status()).isEqualTo(200);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e.safeToRepeat()).isTrue();
    }

    @Test
    void failsResultOfCancelledOperation() {
        assertThatObject(failure(poll(state("cancelled"))).kind()).isEqualTo(ErrorKind.JOB_CANCELLED);
    }

    @Test
    void reportsStatusNumberAndNextPollInObservations() {
        List<Poll.Observation<JsonNode>> seen = new ArrayList<>();

        poll(answer(200, "{\"status\":\"warming up\",\"percent\":25}"), state("succeeded"))
                .observations()
                .subscribe(seen::add);
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).status())
                .isEqualTo(PollStatus.of(PollState.RUNNING, "warming up").withProgress(0.25));
        assertThat(seen.get(0).nextIn()).isEqualTo(MIN);
        assertThat(seen.get(1).number()).isEqualTo(2);
        assertThat(seen.get(1).elapsed()).isEqualTo(MIN);
        assertThat(seen.get(1).nextIn()).isNull();
    }

    @Test
    void namesPollingInJourneyOfEachPoll() {
        List<String> parents = new ArrayList<>();

        poll(state("running"), state("succeeded"))
                .observations()
                .subscribe(seen -> parents.add(seen.answer().journey().parent()));
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(parents).containsExactly("poll GET /v1/jobs/j1 #1", "poll GET /v1/jobs/j1 #2");
    }

    @Test
    void lengthensWaitByRetryAfterButNeverShortensIt() {
        Answer accepted = answer(202, "{\"status\":\"running\"}", "retry-after", "100");
        Poll<JsonNode> poll = poll(accepted, state("running", "retry-after", "1"), state("succeeded"));

        assertThat(states(poll)).containsExactly("running", "running", "succeeded", "complete");
        assertThat(sentAt).containsExactly(0L, 100L, 145L);
    }

    @Test
    void ignoresAndNotesInvalidRetryAfter() {
        ApiException e = failure(poll(state("running", "retry-after", "tomorrow"), state("failed")));

        assertThat(sentAt).containsExactly(0L, 30L);
        assertThat(e.journey().notes())
                .containsExactly("Retry-After ignored: neither a number, nor a duration, nor an instant, nor a date");
    }

    @Test
    void pollsNextAtExpectedEndOfAnswer() {
        String eta = Instant.ofEpochSecond(seconds() + 500).toString();
        Poll<JsonNode> poll = poll(
                answer(200, "{\"status\":\"running\",\"eta\":\"" + eta + "\"}"), state("running"), state("succeeded"));

        states(poll);

        assertThat(sentAt).containsExactly(0L, 500L, 545L);
    }

    @Test
    void pollsFirstAtExpectedEndOfStart() {
        Poll<JsonNode> poll = poll(POLLING.expecting(Instant.ofEpochSecond(600)), state("succeeded"));
        states(poll);
        assertThat(sentAt).containsExactly(600L);
    }

    @Test
    void pollsAtOnceWhenExpectedEndExceedsTimeLimit() {
        Poll<JsonNode> poll = poll(
                POLLING.expecting(Instant.ofEpochSecond(6_000)).within(Duration.ofMinutes(10)), state("succeeded"));

        assertThat(states(poll)).containsExactly("succeeded", "complete");
        assertThat(sentAt).containsExactly(0L);
    }

    @Test
    void treatsAcceptedAsRunningWithoutState() {
        Poll<JsonNode> poll = poll(
                Polling.whileAccepted(ApiRequest.get("jobs/1")).withPolicy(POLLING.policy()),
                answer(202, ""),
                answer(202, "{\"at\":1}"),
                answer(200, "{\"at\":2}"));
        List<String> seen = new ArrayList<>();

        poll.subscribe(answer -> seen.add(answer.path("at").asString()));
        lab.time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(seen).containsExactly("1", "2");
        assertThat(sentAt).hasSize(3);
    }

    // ---- time limit ----

    @Test
    void pollsUnknownStateUntilTimeLimit() {
        ApiException e = failure(poll(POLLING.within(Duration.ofMinutes(5)), state("transcending")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(e)
                .hasMessage(
                        "the time limit leaves no time for another poll of GET /v1/jobs/j1 after 6 of them; the last state"
                                + " seen is transcending; the operation may still be running, and can be polled again");
        assertThat(sentAt)
                .as("the last wait is the shortest that is allowed")
                .containsExactly(0L, 30L, 75L, 142L, 243L, 273L);
    }

    @Test
    void failsAtOnceWhenWaitExceedsTimeLimit() {
        List<Throwable> errors = new ArrayList<>();
        poll(POLLING.within(Duration.ofMinutes(5)), state("running", "retry-after", "301"))
                .result()
                .subscribe(v -> {}, errors::add);

        assertThat(errors).as("at once").singleElement().isInstanceOfSatisfying(ApiException.class, e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
            assertThat(e.retryAt()).isEqualTo(Instant.ofEpochSecond(301));
        });
    }

    @Test
    void endsUnansweredPollAtTimeLimit() {
        ApiException e = failure(poll(POLLING.within(Duration.ofSeconds(10)), Answer.of(0, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.journey().elapsed()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        assertThat(e).hasMessageContaining("the last state seen is none, the last poll failed");
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void keepsEnclosingDeadline() {
        ApiException e = lab.failure(
                poll(state("running")).result().contextWrite(Deadline.in(Duration.ofSeconds(100), lab.time)));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(sentAt).containsExactly(0L, 30L, 75L);
    }

    // ---- failures ----

    @Test
    void pollsInsteadOfRetryingAfterTransientFailure() {
        Poll<JsonNode> poll = poll(answer(503, ""), answer(500, ""), state("running"), state("succeeded"));

        assertThat(states(poll)).containsExactly("running", "succeeded", "complete");
        assertThat(sentAt).as("no send sooner than the minimum interval").containsExactly(0L, 30L, 75L, 142L);
    }

    @Test
    void obeysRetryAfterBeyondWaitOfCall() {
        states(poll(answer(429, "", "retry-after", "1000"), state("succeeded")));
        assertThat(sentAt).containsExactly(0L, 1000L);
    }

    @Test
    void endsWithLastFailureAfterTooManyInARow() {
        Polling<JsonNode> patient = POLLING.withPolicy(POLLING.policy().steady().withMaxFailures(2));
        ApiException e = failure(poll(
                patient,
                answer(500, ""),
                answer(503, ""),
                state("running"),
                answer(500, ""),
                answer(502, ""),
                answer(503, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(e.status()).isEqualTo(503);
        assertThat(e)
                .hasMessageContaining(
                        "(poll 6 of GET /v1/jobs/j1: failed 3 times in a row; the last state seen is running)");
        assertThat(sentAt).hasSize(6);
    }

    @Test
    void endsOnPermanentFailure() {
        ApiException e = failure(poll(state("running"), answer(401, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(e.getCause()).isInstanceOf(ApiException.class);
        assertThat(sentAt).hasSize(2);
    }

    @Test
    void listsPollsAsAttemptsInJourney() {
        ApiException e =
                failure(poll(state("queued"), answer(503, ""), state("running", "retry-after", "90"), state("failed")));

        assertThat(e.journey().attempts()).hasSize(4);
        assertThat(e.journey().timeline())
                .startsWith("GET /v1/jobs/j1  4 attempts  165.00 s  → the operation behind GET /v1/jobs/j1 has failed")
                .containsPattern("#1 .*200 .*queued → wait 30.00 s, ask again")
                .containsPattern("#2 .*503 .*→ wait 45.00 s, send again \\(next poll\\)")
                .containsPattern("#3 .*200 .*running → wait 90.00 s, ask again")
                .containsPattern("#4 .*200 .*failed")
                .doesNotContain("s3cret");
        assertThat(e.journey().toJson()).contains("\"decision\":\"queued\"");
    }

    @Test
    void keepsLastPollsInJourneyOfLongPolling() {
        Polling<JsonNode> brisk = POLLING.withPolicy(POLLING.policy().steady()).within(Duration.ofHours(2));
        ApiException e = failure(poll(brisk, state("running")));

        assertThat(e.journey().attempts()).hasSize(100);
        assertThat(e.journey().notes()).containsExactly("240 polls in all, of which the last 100 are shown");
    }

    @Test
    void failsWithCauseWhenReaderThrows() {
        ApiException e = failure(poll(
                Polling.of(ApiRequest.get("jobs/1"), answer -> {
                    throw new IllegalStateException("no");
                }),
                state("x")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void failsWhenReaderReturnsNull() {
        ApiException e = failure(poll(Polling.of(ApiRequest.get("jobs/1"), answer -> null), state("x")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e).rootCause().hasMessage("no PollStatus was read");
    }

    @Test
    void failsOnStatusWithoutState() {
        ApiException e = failure(
                poll(Polling.of(ApiRequest.get("jobs/1"), answer -> PollStatus.of((PollState) null)), state("x")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
    }

    @Test
    void ignoresExpectedEndBeyondTheCalendar() {
        for (String eta :
                List.of("+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z", "+292278994-08-18T00:00:00Z")) {
            assertThat(states(
                            poll(answer(200, "{\"status\":\"running\",\"eta\":\"" + eta + "\"}"), state("succeeded"))))
                    .as(eta)
                    .containsExactly("running", "succeeded", "complete");
        }
    }

    @Test
    void masksSecretInReasonOfServer() {
        ApiClient own =
                lab.client(wire).secret(Secret.of("s3cret-key-of-the-client")).build();
        script.add(answer(200, "{\"status\":\"failed\",\"reason\":\"bad key s3cret-key-of-the-client\\n\"}"));

        ApiException e = failure(own.poll(POLLING));

        assertThat(e.getMessage() + e.journey().timeline())
                .contains("bad key ****")
                .doesNotContain("s3cret");
    }

    // ---- absence ----

    @Test
    void keepsPollingWhileOperationIsAbsent() {
        Poll<JsonNode> poll = poll(
                POLLING.absentFor(Duration.ofMinutes(3)),
                answer(404, ""),
                answer(404, ""),
                state("running"),
                state("succeeded"));

        assertThat(states(poll)).containsExactly("running", "succeeded", "complete");
    }

    @Test
    void failsWhenOperationStaysAbsent() {
        ApiException e = failure(poll(POLLING.absentFor(Duration.ofMinutes(2)), answer(404, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(e).hasMessageContaining("still not there after 120000 ms");
        assertThat(sentAt).containsExactly(0L, 30L, 75L);
    }

    @Test
    void failsWhenOperationDisappears() {
        ApiException e = failure(
                poll(POLLING.absentFor(Duration.ofHours(1)), answer(404, ""), state("running"), answer(404, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(sentAt).hasSize(3);
    }

    @Test
    void failsOnAbsenceByDefault() {
        assertThatObject(failure(poll(answer(404, ""))).kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void toleratesAbsenceOnlyWithCodeOfVendor() {
        ApiException e = failure(poll(POLLING.absentFor(Duration.ofMinutes(3), "not_yet"), answer(404, "")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(sentAt).hasSize(1);
    }

    // ---- demand, cancel, resubscription ----

    @Test
    void sendsNewPollOnlyOnDemand() {
        StepVerifier.create(
                        poll(state("a"), state("b"), state("c"), state("succeeded"))
                                .map(answer -> answer.path("status").asString()),
                        0)
                .expectSubscription()
                .then(() -> lab.time.advanceTimeBy(Duration.ofMinutes(10)))
                .then(() -> assertThat(sentAt).isEmpty())
                .thenRequest(1)
                .expectNext("a")
                .then(() -> lab.time.advanceTimeBy(Duration.ofMinutes(20)))
                .then(() -> assertThat(sentAt).hasSize(1))
                .thenRequest(1)
                .expectNext("b")
                .then(() -> assertThat(sentAt).as("the wait was over long ago").containsExactly(600L, 1800L))
                .thenRequest(1)
                .then(() -> lab.time.advanceTimeBy(Duration.ofSeconds(44)))
                .then(() -> assertThat(sentAt).as("the wait is not over").hasSize(2))
                .then(() -> lab.time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext("c")
                .thenCancel()
                .verify();
    }

    @Test
    void failsDemandAfterTimeLimitAtOnce() {
        StepVerifier.create(poll(POLLING.within(Duration.ofMinutes(2)), state("a")), 1)
                .expectNextCount(1)
                .then(() -> lab.time.advanceTimeBy(Duration.ofMinutes(3)))
                .thenRequest(1)
                .expectErrorMatches(ErrorKind.DEADLINE_EXCEEDED::matches)
                .verify();
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void endsWaitOnCancel() {
        Poll<JsonNode> poll = poll(state("running"));
        var subscription = poll.subscribe();
        lab.time.advanceTimeBy(Duration.ofSeconds(10));

        subscription.dispose();

        assertThat(lab.time.getScheduledTaskCount()).isLessThanOrEqualTo(3);
        lab.time.advanceTimeBy(Duration.ofHours(1));
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void cancelsPollInFlight() {
        List<String> cancelled = new ArrayList<>();
        ApiClient watched = lab.client(wire)
                .operator(
                        io.penstock.pipeline.Operator.Position.PER_ATTEMPT,
                        io.penstock.pipeline.Operator.of(
                                "watch", (call, next) -> next.exchange(call).doOnCancel(() -> cancelled.add("cancel"))))
                .build();
        script.add(Answer.of(0, ""));

        watched.poll(POLLING).subscribe().dispose();

        assertThat(cancelled).containsExactly("cancel");
        lab.time.advanceTimeBy(Duration.ofHours(1));
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void endsWhenCancelledDuringEmission() {
        List<String> seen = new ArrayList<>();
        poll(state("running")).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(Long.MAX_VALUE);
            }

            @Override
            protected void hookOnNext(JsonNode value) {
                seen.add("next");
                cancel();
            }
        });

        lab.time.advanceTimeBy(Duration.ofHours(3));

        assertThat(seen).containsExactly("next");
        assertThat(sentAt).hasSize(1);
    }

    @Test
    void keepsMinimumIntervalOnResubscription() {
        Poll<JsonNode> poll = poll(state("running"), state("running"), state("succeeded"));
        poll.subscribe().dispose();

        assertThat(states(poll)).containsExactly("running", "succeeded", "complete");
        assertThat(sentAt).containsExactly(0L, 30L, 60L);
    }

    @Test
    void waitsMinimumIntervalWhenResumed() {
        states(poll(POLLING.resumed(), state("succeeded")));
        assertThat(sentAt).containsExactly(30L);
    }

    @Test
    void sendsNothingBeforeSubscription() {
        Poll<JsonNode> poll = poll(state("running"));
        lab.time.advanceTimeBy(Duration.ofHours(1));

        assertThat(sentAt).isEmpty();
        assertThat(poll).hasToString("Poll[GET jobs/{id} every 30 s ×1.5, at most 120 s]");
    }

    @Test
    void failsUnresolvableRequestOnSubscription() {
        ApiException e = failure(poll(Polling.of(ApiRequest.get("jobs/{id}"), SHAPE), state("x")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThatThrownBy(() -> client.poll(Polling.of(ApiRequest.get("jobs/{id}"), SHAPE))
                        .blockLast())
                .hasMessageContaining("id");
        assertThat(sentAt).isEmpty();
    }

    @Test
    void endsWhenClientIsClosed() {
        Poll<JsonNode> poll = poll(state("running"));
        List<Throwable> errors = new ArrayList<>();
        poll.subscribe(v -> {}, errors::add);

        client.close();
        lab.time.advanceTimeBy(Duration.ofHours(1));

        assertThat(errors).singleElement().matches(ErrorKind.CLIENT_CLOSED::matches);
    }

    @Test
    void keepsIntervalToPollsOfOtherSubscribers() {
        Poll<JsonNode> poll = poll(state("running"), state("running"), state("succeeded"));
        List<String> seen = new ArrayList<>();
        BaseSubscriber<JsonNode> late = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                // requests below
            }

            @Override
            protected void hookOnNext(JsonNode value) {
                seen.add(value.path("status").asString());
            }
        };
        poll.subscribe(late);
        lab.time.advanceTimeBy(Duration.ofSeconds(100));
        poll.subscribe().dispose();
        lab.time.advanceTimeBy(Duration.ofSeconds(1));

        late.request(1);
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(seen).containsExactly("running");
        assertThat(sentAt).containsExactly(100L, 130L);
    }

    /** A hook cancels between the end of a wait and the next poll, a moment that cannot be hit from outside. */
    @Test
    void sendsNothingWhenCancelledBetweenWaitAndPoll() {
        AtomicReference<Disposable> toCancel = new AtomicReference<>();
        Hooks.onEachOperator(
                "cancel",
                Operators.lift(source -> source.getClass().getSimpleName().equals("MonoDefer"), (source, actual) -> {
                    Disposable running = toCancel.getAndSet(null);
                    if (running != null) {
                        running.dispose();
                    }
                    return actual;
                }));
        try {
            Disposable running = poll(state("running")).subscribe();
            toCancel.set(running);
            lab.time.advanceTimeBy(Duration.ofMinutes(5));
        } finally {
            Hooks.resetOnEachOperator("cancel");
        }

        assertThat(toCancel).as("the hook was met").hasNullValue();
        assertThat(sentAt).containsExactly(0L);
    }

    @Test
    void listsPollInJourneyWhenReaderThrows() {
        ApiException e = failure(poll(
                Polling.of(ApiRequest.get("jobs/1"), answer -> {
                    throw new IllegalStateException("no");
                }),
                state("x")));

        assertThat(e.journey().attempts()).hasSize(1);
        assertThat(e.journey().attempts().get(0).status()).isEqualTo(200);
        assertThat(e.journey().timeline()).contains("#1");
    }

    @Test
    void listsPollInJourneyWhenOperatorSwallowsAnswer() {
        ApiClient swallowing = lab.client(wire)
                .operator(
                        io.penstock.pipeline.Operator.Position.PER_CALL,
                        io.penstock.pipeline.Operator.of(
                                "swallow", (call, next) -> next.exchange(call).filter(reply -> false)))
                .build();
        script.add(state("x"));

        ApiException e = failure(swallowing.poll(POLLING));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasMessageContaining("swallowed");
        assertThat(e.journey().attempts()).hasSize(1);
    }
}
