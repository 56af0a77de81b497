package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.CircuitState;
import io.penstock.circuit.CircuitState.Phase;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Calls that wait for a circuit or for retry budget. */
class PatienceTest {

    private static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/v1"));
    private static final String CIRCUIT = "circuit https://api.example.com";
    private static final RetryPolicy ONCE = RetryPolicy.standard().withMaxAttempts(1);
    private static final RetryPolicy EAGER = RetryPolicy.standard()
            .withMaxAttempts(100)
            .withBackoff(new Backoff(Duration.ofMillis(10), 1, Duration.ofMillis(10), 0));
    private static final ApiRequest<JsonNode> REQUEST = ApiRequest.get("usage");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private int status = 500;
    private final StubTransport wire = new StubTransport(n -> Answer.of(status, "{}"));
    private final List<ApiResponse<JsonNode>> answers = new ArrayList<>();
    private final List<ApiException> errors = new ArrayList<>();

    private ApiClientBuilder builder() {
        return ApiClient.builder(SPEC).transport(wire).scheduler(time).retry(ONCE);
    }

    private Disposable call(ApiClient client, ApiRequest<JsonNode> request) {
        return client.execute(request).subscribe(answers::add, e -> errors.add((ApiException) e));
    }

    private ApiClient opened(ApiClientBuilder builder) {
        ApiClient client = builder.build();
        for (int i = 0; i < 20; i++) {
            call(client, REQUEST);
        }
        assertThat(errors).hasSize(20).allMatch(ErrorKind.SERVER_ERROR::matches);
        assertThat(client.inspect().circuits()).extracting(CircuitState::phase).containsExactly(Phase.OPEN);
        errors.clear();
        return client;
    }

    private ApiException error() {
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    @Test
    void servesAllWaitersSoonAfterServerRecovers() {
        ApiClient client = opened(builder());
        for (int i = 0; i < 400; i++) {
            call(client, REQUEST);
        }
        time.advanceTimeBy(Duration.ofMillis(400));
        assertThat(wire.sent).hasSize(20);
        status = 200;
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(errors).isEmpty();
        assertThat(answers).hasSize(400);
        assertThat(wire.sent).hasSize(420);
        assertThat(client.inspect().circuits()).extracting(CircuitState::phase).containsExactly(Phase.CLOSED);
        assertThat(answers.get(0).journey().notes())
                .first()
                .asString()
                .startsWith("attempt 1 waited ")
                .contains(" ms for " + CIRCUIT + ": 20 of 20 calls failed");
    }

    @Test
    void triesFailedServerWithSingleCalls() {
        ApiClient client = opened(builder());
        for (int i = 0; i < 400; i++) {
            call(client, REQUEST);
        }
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(wire.sent.size() - 20).isBetween(11, 20);
        assertThat(errors).hasSize(wire.sent.size() - 20).allMatch(ErrorKind.SERVER_ERROR::matches);
    }

    @Test
    void refusesAtOnceWhenDeadlinePrecedesNextTrial() {
        ApiClient client = opened(builder());
        call(client, REQUEST.deadline(Duration.ofMillis(300)));

        assertThat(error())
                .matches(ErrorKind.CIRCUIT_OPEN::matches)
                .hasMessageStartingWith(CIRCUIT + " is open: 20 of 20");
        assertThat(error().retryAt()).isNotNull();
    }

    @Test
    void refusesFailFastRequestAtOnce() {
        ApiClient client = opened(builder());
        call(client, REQUEST.failFast());

        assertThat(error()).matches(ErrorKind.CIRCUIT_OPEN::matches).hasMessageContaining("next trial in ");
        assertThat(error().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(wire.sent).hasSize(20);
    }

    @Test
    void namesReasonOfWaitAtDeadline() {
        ApiClient client = opened(builder());
        call(client, REQUEST.deadline(Duration.ofMinutes(1)));
        call(client, REQUEST.deadline(Duration.ofMillis(700)));
        time.advanceTimeBy(Duration.ofMillis(710));

        ApiException late = errors.get(errors.size() - 1);
        assertThat(late).matches(ErrorKind.DEADLINE_EXCEEDED::matches);
        assertThat(late)
                .hasMessageStartingWith("deadline of 700 ms reached while waiting for " + CIRCUIT + ": ")
                .hasMessageContaining("next trial in ");
        assertThat(late.certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    @Test
    void sendsNothingForCallCancelledInQueue() {
        ApiClient client = opened(builder());
        for (int i = 0; i < 10; i++) {
            call(client, REQUEST).dispose();
        }
        status = 200;
        time.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(wire.sent).hasSize(20);

        call(client, REQUEST);
        assertThat(answers).as("no call is queued before it").hasSize(1);
    }

    @Test
    void refusesCallWhenQueueIsFull() {
        ApiClient client = opened(builder().gate(GatePolicy.standard().withMaxWaiting(2)));
        for (int i = 0; i < 3; i++) {
            call(client, REQUEST);
        }

        assertThat(error()).matches(ErrorKind.POOL_EXHAUSTED::matches).hasMessageContaining("2 calls wait already");
    }

    @Test
    void failsWaitersWhenClientIsClosed() {
        ApiClient client = opened(builder());
        call(client, REQUEST);
        client.close();

        assertThat(error()).matches(ErrorKind.CLIENT_CLOSED::matches);
    }

    @Test
    void passesTrialOnWhenCallIsCancelledBeforeSending() {
        int[] attempts = new int[1];
        ApiClient client = opened(builder()
                .operator(
                        io.penstock.pipeline.Operator.Position.PER_ATTEMPT,
                        io.penstock.pipeline.Operator.of(
                                "stuck",
                                (call, next) -> ++attempts[0] == 21
                                        ? reactor.core.publisher.Mono.never()
                                        : next.exchange(call))));
        status = 200;
        Disposable stuck = call(client, REQUEST);
        call(client, REQUEST);
        time.advanceTimeBy(Duration.ofMillis(600));
        assertThat(answers).isEmpty();
        stuck.dispose();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(answers).hasSize(1);
    }

    @Test
    void pacesPartlyFailingServerAndRefusesFailFastRequests() {
        StubTransport half = new StubTransport(n -> Answer.of(n % 2 == 0 ? 200 : 503, "{}"));
        ApiClient client = ApiClient.builder(SPEC)
                .transport(half)
                .scheduler(time)
                .retry(ONCE)
                .build();
        for (int i = 0; i < 30; i++) {
            call(client, REQUEST);
        }
        assertThat(half.sent).hasSizeBetween(20, 22);
        assertThat(client.inspect().circuits()).extracting(CircuitState::phase).containsExactly(Phase.PACED);
        int before = errors.size();
        call(client, REQUEST.failFast());
        assertThat(errors).hasSize(before + 1);
        assertThat(errors.get(before))
                .matches(ErrorKind.CIRCUIT_OPEN::matches)
                .hasMessageContaining("is slowed down to 4.0 calls/s: 10 of 20 calls failed; next call in ");

        time.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(half.sent).hasSize(30);
    }

    @Test
    void waitsForRetryBudgetAndThenContinues() {
        ApiClient client = builder().retry(EAGER).circuit(CircuitPolicy.off()).build();
        call(client, REQUEST);
        time.advanceTimeBy(Duration.ofMillis(500));
        assertThat(wire.sent).as("one and the floor of ten").hasSize(11);
        status = 200;
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).journey().notes())
                .singleElement()
                .asString()
                .matches("attempt 12 waited \\d+ ms for retry budget");
        assertThat(answers.get(0).journey().timeline()).contains("idempotent; backoff; then retry budget");
    }

    @Test
    void sendsEachWaitingRetryOnceWhenBudgetReturns() {
        ApiClient client = builder().retry(EAGER).circuit(CircuitPolicy.off()).build();
        for (int i = 0; i < 30; i++) {
            call(client, REQUEST.header("n", String.valueOf(i)));
        }
        time.advanceTimeBy(Duration.ofMillis(100));
        int before = wire.sent.size();
        status = 200;
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(answers).hasSize(30);
        assertThat(wire.sent.size() - before).isEqualTo(30);
    }

    @Test
    void keepsServerErrorWhenDeadlinePrecedesBudget() {
        ApiClient client = builder().retry(EAGER).circuit(CircuitPolicy.off()).build();
        call(client, REQUEST.deadline(Duration.ofMillis(600)));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThatObject(error().kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(error().certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(error().journey().notes())
                .singleElement()
                .asString()
                .startsWith("not sent again: retry budget used up: waited ");
    }

    @Test
    void keepsServerErrorOfFailFastRequestWithoutBudget() {
        ApiClient client = builder().retry(EAGER).circuit(CircuitPolicy.off()).build();
        call(client, REQUEST.failFast());
        time.advanceTimeBy(Duration.ofMillis(200));

        assertThatObject(error().kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(error().journey().timeline()).contains("give up (retry budget used up)");
    }

    @Test
    void keepsServerErrorWhenRetryWaitsForCircuit() {
        ApiClient client = builder()
                .retry(EAGER.withBudgetShare(1))
                .circuit(CircuitPolicy.standard().withWindow(2, 1))
                .build();
        // the first trial comes after 450 to 550 ms, the second one after at least 990 ms
        call(client, REQUEST.deadline(Duration.ofMillis(900)));
        time.advanceTimeBy(Duration.ofMillis(1_100));

        assertThatObject(error().kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(error().journey().notes()).last().asString().startsWith("not sent again: ");
    }

    @Test
    void admitsCallMadeByOperatorOfTrial() {
        ApiClient[] self = new ApiClient[1];
        ApiClient client = opened(builder()
                .operator(
                        io.penstock.pipeline.Operator.Position.PER_ATTEMPT,
                        io.penstock.pipeline.Operator.of(
                                "asks first",
                                (call, next) -> call.plan().target().endsWith("outer")
                                        ? self[0].execute(REQUEST).then(next.exchange(call))
                                        : next.exchange(call))));
        self[0] = client;
        status = 200;
        call(client, ApiRequest.get("outer"));
        time.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(errors).isEmpty();
        assertThat(answers).hasSize(1);
    }

    @Test
    void requeuesCallWhenCircuitOpensWhileItWaitsForPlace() {
        StubTransport slow = new StubTransport(n -> Answer.of(status, "{}")).taking(Duration.ofMillis(10));
        ApiClient client = builder()
                .transport(slow)
                .gate(GatePolicy.standard().withMaxConcurrent(20))
                .build();
        for (int i = 0; i < 60; i++) {
            call(client, REQUEST);
        }
        time.advanceTimeBy(Duration.ofMillis(300));
        assertThat(slow.sent.size()).as("sends before it opened").isBetween(20, 25);
        status = 200;
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(answers.size() + errors.size()).isEqualTo(60);
        assertThat(answers.size()).isGreaterThanOrEqualTo(35);
    }

    /** Returns a client whose circuit is paced after alternating failures. */
    private ApiClient slowedDown() {
        status = 0;
        StubTransport half = new StubTransport(n -> Answer.of(status != 0 || n % 2 == 1 ? 200 : 503, "{}"));
        ApiClient client = builder().transport(half).build();
        for (int i = 0; i < 20; i++) {
            call(client, REQUEST);
        }
        assertThat(client.inspect().circuits()).extracting(CircuitState::phase).containsExactly(Phase.PACED);
        errors.clear();
        answers.clear();
        return client;
    }

    @Test
    void reportsWaitBehindQueueToFailFastRequest() {
        ApiClient client = slowedDown();
        for (int i = 0; i < 10; i++) {
            call(client, REQUEST);
        }
        call(client, REQUEST.failFast());

        assertThat(error())
                .matches(ErrorKind.CIRCUIT_OPEN::matches)
                .hasMessageContaining("is slowed down to 4.0 calls/s");
        assertThat(error().retryAfter()).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(3));
    }

    @Test
    void reportsPacingToFailFastRequestAfterWaitForPlace() {
        StubTransport half =
                new StubTransport(n -> Answer.of(n % 2 == 0 ? 200 : 503, "{}")).taking(Duration.ofMillis(10));
        ApiClient client = builder()
                .transport(half)
                .gate(GatePolicy.standard().withMaxConcurrent(20))
                .build();
        for (int i = 0; i < 60; i++) {
            call(client, REQUEST.failFast());
        }
        time.advanceTimeBy(Duration.ofSeconds(1));
        List<String> refusals = errors.stream()
                .filter(ErrorKind.CIRCUIT_OPEN::matches)
                .map(Throwable::getMessage)
                .toList();

        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(message).contains("is slowed down to ").contains("next call in "));
    }

    @Test
    void keepsCallWaitingWhileFirstAnswersAreUnderWay() {
        StubTransport well = StubTransport.always(200, "{}").taking(Duration.ofMillis(10));
        ApiClient client = builder().transport(well).build();
        for (int i = 0; i < 100; i++) {
            call(client, REQUEST.failFast());
        }
        call(client, REQUEST.deadline(Duration.ofMillis(100)));
        time.advanceTimeBy(Duration.ofMillis(100));

        assertThat(errors).isEmpty();
        assertThat(answers).hasSize(101);
    }

    @Test
    void doesNotReportUnansweredServerAfterPacing() {
        ApiClient client = slowedDown();
        status = 200;
        for (int i = 0; i < 1_000; i++) {
            call(client, REQUEST.deadline(Duration.ofMinutes(5)));
        }
        time.advanceTimeBy(Duration.ofMinutes(2));

        assertThat(client.inspect().circuits()).extracting(CircuitState::phase).containsExactly(Phase.CLOSED);
        assertThat(answers)
                .hasSize(1_000)
                .allSatisfy(answer ->
                        assertThat(answer.journey().notes()).noneMatch(note -> note.contains("not answered enough")));
    }
}
