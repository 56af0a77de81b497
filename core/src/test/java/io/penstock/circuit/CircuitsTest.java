package io.penstock.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.circuit.CircuitState.Phase;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import io.penstock.request.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class CircuitsTest {

    private static final CircuitPolicy POLICY =
            CircuitPolicy.standard().withWindow(10, 4).failFast();
    private static final String NAME = "https://api.example.com";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    /** A random source fixed at the middle: waits of exactly 500, 600, 720, 800 ms. */
    private Circuits circuits = new Circuits(POLICY, time, () -> 0.5);

    /** One attempt through the permit, which the test answers. */
    private final class Attempt {
        final Call call;
        final Sinks.One<Reply> answer = Sinks.one();
        final List<Reply> replies = new ArrayList<>();
        final List<Throwable> errors = new ArrayList<>();
        boolean sent;
        final Disposable subscription;

        Attempt(Operator operator, Plan plan) {
            call = Call.start(plan, time).attempt(1);
            subscription = operator.apply(call, c -> answer.asMono().doOnSubscribe(s -> sent = true))
                    .subscribe(replies::add, errors::add);
        }

        Attempt succeeds() {
            answer.tryEmitValue(Plans.reply(200, "ok"));
            return this;
        }

        Attempt fails(Failure failure) {
            answer.tryEmitError(new ApiException(failure));
            return this;
        }

        Attempt fails() {
            return fails(status(ErrorKind.SERVER_ERROR, 500));
        }

        ApiException refusal() {
            assertThat(sent).as("sent").isFalse();
            assertThat(errors).singleElement().matches(ErrorKind.CIRCUIT_OPEN::matches);
            return (ApiException) errors.get(0);
        }
    }

    private Attempt attempt() {
        return new Attempt(circuits.permit(), Plans.get());
    }

    private static Failure status(ErrorKind kind, int status) {
        return Failure.of(kind, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, status + " " + kind)
                .withStatus(status);
    }

    private CircuitState state() {
        assertThat(circuits.states()).hasSize(1);
        return circuits.states().get(0);
    }

    private void open() {
        for (int i = 0; i < POLICY.threshold().minimumCalls(); i++) {
            attempt().fails();
        }
        assertThat(state().phase()).isEqualTo(Phase.OPEN);
    }

    /** The moment between the failure that opens the circuit and the change of its state. */
    @Test
    void reportsFullWaitWhileOpening() {
        Circuit circuit = new Circuit(NAME, POLICY, time, () -> 0.5);
        List<ApiException> refusals = new ArrayList<>();
        circuit.onThresholdExceeded(() -> refusals.add(circuit.refusal()));
        io.penstock.pipeline.Attempt call = Call.start(Plans.get(), time).attempt(1);
        for (int i = 0; i < POLICY.threshold().minimumCalls(); i++) {
            circuit.sendBack(circuit.acquire(call), Verdict.FAILURE, call);
        }

        assertThat(refusals).singleElement().satisfies(refusal -> {
            assertThat(refusal).hasMessageContaining("next trial in 500 ms");
            assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(500));
        });
    }

    private void halfOpen() {
        open();
        time.advanceTimeBy(Duration.ofMillis(500));
    }

    @Test
    void opensAtFailureRateAndNamesNextTrial() {
        attempt().succeeds();
        attempt().fails();
        attempt().succeeds();
        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 3, 1, null));
        Attempt last = attempt().fails();

        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.OPEN, 4, 2, Instant.ofEpochMilli(500)));
        assertThat(state().failureRate()).isEqualTo(0.5);
        assertThat(last.call.notes())
                .containsExactly("circuit " + NAME + " opened: 2 of 4 calls failed; next trial in 500 ms");

        time.advanceTimeBy(Duration.ofMillis(100));
        ApiException refused = attempt().refusal();
        assertThat(refused).hasMessage("circuit " + NAME + " is open: 2 of 4 calls failed; next trial in 400 ms");
        assertThat(refused.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(refused.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void staysClosedBelowMinimumCalls() {
        for (int i = 1; i < POLICY.threshold().minimumCalls(); i++) {
            attempt().fails();
        }

        assertThat(state().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void countsOnlyCallsInWindow() {
        for (int i = 0; i < 1_000; i++) {
            attempt().succeeds();
        }
        for (int i = 1; i <= 4; i++) {
            attempt().fails();
            assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 10, i, null));
        }
        attempt().fails();

        assertThat(state().phase()).isEqualTo(Phase.OPEN);
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND, 404", "RATE_LIMITED, 429", "VALIDATION, 422", "AUTHENTICATION, 401"})
    void leavesClientErrorsOutOfFailureRate(ErrorKind kind, int status) {
        for (int i = 0; i < 100; i++) {
            attempt().fails(status(kind, status));
        }
        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 0, 0, null));

        open();
    }

    @Test
    void refusesOnPeekBeforeTrialAndTakesNone() {
        open();
        assertThat(new Attempt(circuits.peek(), Plans.get()).refusal())
                .hasMessage("circuit " + NAME + " is open: 4 of 4 calls failed; next trial in 500 ms");

        time.advanceTimeBy(Duration.ofMillis(500));
        for (int i = 0; i < 100; i++) {
            assertThat(new Attempt(circuits.peek(), Plans.get()).sent).isTrue();
        }
        assertThat(state().phase()).as("nothing taken").isEqualTo(Phase.OPEN);
    }

    @Test
    void admitsThreeTrialsAtAnnouncedTime() {
        open();
        time.advanceTimeBy(Duration.ofMillis(500).minusNanos(1));
        attempt().refusal();
        time.advanceTimeBy(Duration.ofNanos(1));

        Attempt first = attempt();
        assertThat(first.sent).isTrue();
        assertThat(first.call.notes()).containsExactly("circuit " + NAME + " half-open: this is a trial");
        assertThat(attempt().sent).isTrue();
        assertThat(attempt().sent).isTrue();
        assertThat(attempt().refusal())
                .hasMessage("circuit " + NAME + " is on trial: 4 of 4 calls failed; next trial in 800 ms");
        assertThat(state().phase()).isEqualTo(Phase.HALF_OPEN);
    }

    @Test
    void closesAfterThreeGoodTrials() {
        halfOpen();
        attempt().succeeds();
        attempt().succeeds();
        Attempt last = attempt().succeeds();

        assertThat(last.call.notes()).containsExactly("circuit " + NAME + " closed");
        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 0, 0, null));
        for (int i = 0; i < 100; i++) {
            assertThat(attempt().sent).isTrue();
        }
    }

    @Test
    void reopensForLongerAfterBadTrialsUpToCap() {
        open();
        for (int wait : new int[] {500, 600, 720, 800, 800, 800}) {
            time.advanceTimeBy(Duration.ofMillis(wait).minusNanos(1));
            attempt().refusal();
            time.advanceTimeBy(Duration.ofNanos(1));
            attempt().fails();
            attempt().fails();
            Attempt last = attempt().fails();
            assertThat(last.call.notes()).anyMatch(n -> n.contains("opened: 3 of 3 trials failed"));
        }
    }

    @Test
    void restartsWithFirstWaitAfterClosing() {
        halfOpen();
        for (int i = 0; i < 3; i++) {
            attempt().fails();
        }
        time.advanceTimeBy(Duration.ofMillis(600));
        for (int i = 0; i < 3; i++) {
            attempt().succeeds();
        }
        open();

        assertThat(attempt().refusal().retryAfter()).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND, 404", "RATE_LIMITED, 429", "VALIDATION, 422", "AUTHENTICATION, 401"})
    void closesWhenServerRefusesTrials(ErrorKind kind, int status) {
        halfOpen();
        for (int i = 0; i < 3; i++) {
            attempt().fails(status(kind, status));
        }

        assertThat(state().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void replacesTrialsWithoutVerdict() {
        halfOpen();
        for (int i = 0; i < 300; i++) {
            switch (i % 4) {
                case 0 -> attempt().subscription.dispose();
                case 1 ->
                    attempt()
                            .fails(Failure.of(
                                    ErrorKind.POOL_EXHAUSTED, Certainty.NOT_SENT, Retryability.TRANSIENT, "pool"));
                case 2 -> attempt().answer.tryEmitError(new IllegalStateException("an operator's"));
                default -> attempt().answer.tryEmitEmpty();
            }
            assertThat(state().phase()).isEqualTo(Phase.HALF_OPEN);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(attempt().succeeds().replies).hasSize(1);
        }

        assertThat(state().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void admitsOneMoreTrialPerLongestWaitWhenTrialsHang() {
        halfOpen();
        for (int i = 0; i < 3; i++) {
            assertThat(attempt().sent).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            attempt().refusal();
            time.advanceTimeBy(Duration.ofMillis(800));
            assertThat(attempt().sent).isTrue();
        }
        attempt().refusal();
    }

    @Test
    void ignoresOutcomesOfCallsSentBeforeOutage() {
        List<Attempt> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(attempt());
        }
        halfOpen();
        attempt().succeeds();
        slow.subList(0, 10).forEach(Attempt::fails);
        assertThat(state()).matches(s -> s.phase() == Phase.HALF_OPEN && s.calls() == 1 && s.failed() == 0);
        attempt().succeeds();
        attempt().succeeds();
        slow.subList(10, 20).forEach(Attempt::fails);

        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 0, 0, null));
        assertThat(slow).allSatisfy(a -> assertThat(a.errors).hasSize(1));
    }

    @Test
    void grantsNoTrialForCancelOfCallSentBeforeOutage() {
        List<Attempt> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(attempt());
        }
        halfOpen();
        for (int i = 0; i < 3; i++) {
            assertThat(attempt().sent).isTrue();
        }
        slow.forEach(a -> a.subscription.dispose());

        attempt().refusal();
    }

    @Test
    void takesOnePermitPerSubscription() {
        halfOpen();
        Call call = Call.start(Plans.get(), time).attempt(1);
        Mono<Reply> trial = circuits.permit().apply(call, c -> Mono.never());
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            trial.subscribe(r -> {}, errors::add);
        }

        assertThat(errors).hasSize(2).allMatch(ErrorKind.CIRCUIT_OPEN::matches);
    }

    @Test
    void ignoresErrorAfterCancel() {
        TestPublisher<Reply> wire = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        for (int i = 0; i < 10; i++) {
            Call call = Call.start(Plans.get(), time).attempt(1);
            List<Throwable> errors = new ArrayList<>();
            Disposable attempt = circuits.permit().apply(call, c -> wire.mono()).subscribe(r -> {}, errors::add);
            attempt.dispose();
            wire.error(new ApiException(status(ErrorKind.CONNECTION_LOST, 0)));
            assertThat(errors).isEmpty();
        }

        assertThat(state()).isEqualTo(new CircuitState(NAME, Phase.CLOSED, 0, 0, null));
    }

    @Test
    void returnsPermitWhenSourceThrows() {
        halfOpen();
        for (int i = 0; i < 10; i++) {
            Call call = Call.start(Plans.get(), time).attempt(1);
            Mono<Reply> broken = circuits.permit()
                    .apply(
                            call,
                            c -> Mono.from(subscriber -> {
                                throw new IllegalStateException("broken");
                            }));
            List<Throwable> errors = new ArrayList<>();
            try {
                broken.subscribe(r -> {}, errors::add);
            } catch (IllegalStateException e) {
                errors.add(e);
            }
            assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
        }

        assertThat(attempt().sent).isTrue();
    }

    @Test
    void passesContextUpstream() {
        Call call = Call.start(Plans.get(), time).attempt(1);
        Reply reply = circuits.permit()
                .apply(call, c -> Mono.deferContextual(v -> Mono.just(Plans.reply(200, v.get("tenant")))))
                .contextWrite(c -> c.put("tenant", "blue"))
                .block();

        assertThat(reply).isNotNull().matches(r -> "blue".equals(r.value()));
    }

    private static Plan plan(String uri, String operation) {
        return Plans.operation(operation, uri);
    }

    @Test
    void keepsOneCircuitPerOriginIgnoringCase() {
        open();

        assertThat(new Attempt(circuits.permit(), plan("https://files.example.com/a", "GET a")).sent)
                .isTrue();
        new Attempt(circuits.permit(), plan("HTTPS://API.EXAMPLE.COM/v1/other", "GET other")).refusal();
        assertThat(circuits.states()).extracting(CircuitState::name).containsExactly(NAME, "https://files.example.com");
    }

    @Test
    void keepsOneCircuitPerOperationWhenScopedSo() {
        circuits = new Circuits(POLICY.withScope(CircuitPolicy.Scope.OPERATION), time, () -> 0.5);
        for (int i = 0; i < POLICY.threshold().minimumCalls(); i++) {
            new Attempt(circuits.permit(), plan("https://api.example.com/reports/" + i, "GET reports/{id}")).fails();
        }

        assertThat(new Attempt(circuits.permit(), plan("https://api.example.com/reports/9", "GET reports/{id}"))
                        .refusal())
                .hasMessageStartingWith("circuit https://api.example.com GET reports/{id} is open: 4 of 4");
        assertThat(new Attempt(circuits.permit(), plan("https://api.example.com/users", "GET users")).sent)
                .isTrue();
        assertThat(circuits.states()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void evictsLongestIdleCircuitsBeyondLimit(boolean perOperation) {
        circuits = new Circuits(
                POLICY.withScope(perOperation ? CircuitPolicy.Scope.OPERATION : CircuitPolicy.Scope.ORIGIN),
                time,
                () -> 0.5);
        for (int i = 0; i < 3 * Circuits.MOST; i++) {
            new Attempt(circuits.permit(), numbered(perOperation, i)).succeeds();
            time.advanceTimeBy(Duration.ofMillis(1));
            new Attempt(circuits.permit(), numbered(perOperation, 0)).succeeds();
        }

        assertThat(circuits.states()).hasSizeBetween(Circuits.MOST * 9 / 10, Circuits.MOST);
        assertThat(circuits.states())
                .extracting(CircuitState::name)
                .contains(name(perOperation, 0), name(perOperation, 3 * Circuits.MOST - 1))
                .doesNotContain(name(perOperation, 1));
        Plan latest = numbered(perOperation, 3 * Circuits.MOST);
        for (int i = 0; i < POLICY.threshold().minimumCalls(); i++) {
            new Attempt(circuits.permit(), latest).fails();
        }
        new Attempt(circuits.permit(), latest).refusal();
    }

    private static Plan numbered(boolean perOperation, int number) {
        return plan("https://" + (perOperation ? "api" : "h" + number) + ".example.com/", "GET " + number);
    }

    private static String name(boolean perOperation, int number) {
        return perOperation ? "https://api.example.com GET " + number : "https://h" + number + ".example.com";
    }

    /** Permits are returned exactly once in any order of events: in the end exactly three trials go through. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void returnsPermitsUnderAnyOrderOfEvents(long offset) {
        long seed = Long.getLong("penstock.seed", System.nanoTime()) + offset;
        try {
            permitsComeBack(new Random(seed));
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void permitsComeBack(Random random) {
        List<Attempt> running = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> running.add(attempt());
                case 2 -> take(random, running, a -> a.subscription.dispose());
                case 3 -> take(random, running, Attempt::succeeds);
                case 4 ->
                    take(
                            random,
                            running,
                            a -> a.fails(
                                    random.nextBoolean()
                                            ? status(ErrorKind.TIMEOUT, 0)
                                            : status(ErrorKind.NOT_FOUND, 404)));
                default -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(300)));
            }
        }
        running.forEach(a -> a.subscription.dispose());
        if (!circuits.states().isEmpty() && state().phase() == Phase.HALF_OPEN) {
            for (int i = 0; i < 3; i++) {
                attempt().fails();
            }
        }
        while (state().phase() == Phase.CLOSED) {
            attempt().fails();
        }
        time.advanceTimeBy(Duration.ofSeconds(1));
        long sent = 0;
        for (int i = 0; i < 20; i++) {
            sent += attempt().sent ? 1 : 0;
        }
        assertThat(sent).as("trials").isEqualTo(3);
    }

    private static void take(Random random, List<Attempt> running, Consumer<Attempt> end) {
        @Nullable Attempt one = running.isEmpty() ? null : running.remove(random.nextInt(running.size()));
        if (one != null) {
            end.accept(one);
        }
    }

    @Test
    void countsRedirectAsReply() {
        Attempt redirected = attempt();
        redirected.answer.tryEmitValue(new Reply(new ResponseHead(302, Headers.none()), null, 0));

        assertThat(state().calls()).isEqualTo(1);
        assertThatObject(redirected.replies.get(0).head().status()).isEqualTo(302);
    }

    /** An attempt through both operators, as in a client. */
    private Attempt patientAttempt() {
        Operator peek = circuits.peek();
        Operator permit = circuits.permit();
        return new Attempt(
                Operator.of("both", (call, next) -> peek.apply(call, c -> permit.apply(c, next))), Plans.get());
    }

    private void openPatiently() {
        circuits = new Circuits(CircuitPolicy.standard(), time, () -> 0.5);
        for (int i = 0; i < 20; i++) {
            patientAttempt().fails();
        }
        assertThat(state().phase()).isEqualTo(Phase.OPEN);
    }

    @Test
    void failsWaitersWithoutHoldingLock() {
        openPatiently();
        List<Boolean> locked = new ArrayList<>();
        circuits.peek()
                .apply(Call.start(Plans.get(), time).attempt(1), c -> Mono.never())
                .subscribe(reply -> {}, e -> locked.add(Thread.holdsLock(circuits)));
        circuits.close();

        assertThat(locked).containsExactly(false);
    }

    @Test
    void sendsOneTrialInPlaceOfCancelledOne() {
        openPatiently();
        List<Attempt> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(patientAttempt());
        }
        time.advanceTimeBy(Duration.ofMillis(500));
        assertThat(waiting).extracting(a -> a.sent).containsExactly(true, false, false);
        waiting.get(0).subscription.dispose();
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(waiting).extracting(a -> a.sent).containsExactly(true, true, false);

        waiting.add(patientAttempt());
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(waiting).extracting(a -> a.sent).containsExactly(true, true, false, false);
    }

    /** A turn cancelled while the meter is asked has taken nothing and returns nothing. */
    @Test
    void countsNothingForCancelledTurn() {
        Circuit circuit = new Circuit(NAME, CircuitPolicy.standard(), time, () -> 0.5, 10);
        Patience patience = circuit.patience();
        assertThat(patience).isNotNull();
        CircuitTurn left = turn(circuit, patience, newCall(), c -> Mono.never());
        left.cancel();
        for (int i = 0; i < 10; i++) {
            assertThat(patience.take(left, 0)).isZero();
            patience.unused(left);
        }
        int taken = 0;
        while (patience.take(newCall(), 0) == 0) {
            taken++;
        }

        assertThat(taken).isEqualTo(Pace.FIRST_BURST);
    }

    /** The turn that takes its place may end it again before the first end has returned. */
    @Test
    void handsTurnOverOnlyOnce() {
        Circuit circuit = new Circuit(NAME, CircuitPolicy.standard(), time, () -> 0.5, 10);
        Patience patience = circuit.patience();
        assertThat(patience).isNotNull();
        io.penstock.pipeline.Attempt first = newCall();
        assertThat(patience.take(first, 0)).isZero();
        CircuitTurn turn = turn(circuit, patience, first, c -> Mono.never());
        turn.tries(first);
        for (int i = 1; i < Pace.FIRST_BURST; i++) {
            assertThat(patience.take(newCall(), 0)).isZero();
        }
        List<String> sent = new ArrayList<>();
        io.penstock.pipeline.Attempt second = newCall();
        CircuitTurn waiting = turn(circuit, patience, second, c -> {
            turn.cancel();
            sent.add("second");
            return Mono.never();
        });
        waiting.waits(second);
        assertThat(sent).isEmpty();
        turn.cancel();

        assertThat(sent).containsExactly("second");
        assertThat(patience.take(newCall(), 0)).as("no turn is left").isPositive();
    }

    private io.penstock.pipeline.Attempt newCall() {
        return Call.start(Plans.get(), time).attempt(1);
    }

    private static CircuitTurn turn(
            Circuit circuit, Patience patience, io.penstock.pipeline.Attempt call, Exchange next) {
        return new CircuitTurn(circuit, patience, call, next, new BaseSubscriber<>() {});
    }

    /** The origin is dropped and created again while a call waits for the lock to add its operation to it. */
    @Test
    void addsOperationToOriginThatWasCreatedAgain() throws InterruptedException {
        Circuits shared = new Circuits(POLICY.withScope(CircuitPolicy.Scope.OPERATION), time, () -> 0.5);
        String uri = "https://api.example.com/";
        shared.of(plan(uri, "GET old"));
        time.advanceTimeBy(Duration.ofMillis(1));
        AtomicReference<@Nullable Circuit> late = new AtomicReference<>();
        Thread other = new Thread(() -> late.set(shared.of(plan(uri, "GET late"))));
        synchronized (shared) {
            other.start();
            while (other.getState() != Thread.State.BLOCKED) {
                assertThat(other.getState()).isNotEqualTo(Thread.State.TERMINATED);
                Thread.onSpinWait();
            }
            for (int i = 0; i < Circuits.MOST; i++) {
                shared.of(plan("https://other.example.com/", "GET " + i));
            }
            assertThat(shared.states()).extracting(CircuitState::name).doesNotContain(NAME + " GET old");
            shared.of(plan(uri, "GET new"));
        }
        other.join();

        assertThat(shared.states()).extracting(CircuitState::name).contains(NAME + " GET new", NAME + " GET late");
        assertThat(shared.of(plan(uri, "GET late"))).isSameAs(late.get());
    }
}
