package io.penstock.hedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class HedgingTest {

    private static final HedgingPolicy POLICY = HedgingPolicy.standard();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Attempt> sent = new ArrayList<>();
    private final List<Integer> cancelled = new ArrayList<>();
    private final List<Object> results = new ArrayList<>();
    private final ClassifiedRetry retry =
            new ClassifiedRetry(RetryPolicy.standard().withMaxAttempts(1).withBudgetShare(0.2), () -> 0.5);
    private Predicate<Call> scarce = call -> false;
    private final Hedging hedging = new Hedging(POLICY, retry, call -> scarce.test(call));

    /** One send: its duration and its outcome; null if it never ends. */
    private record Send(int millis, @Nullable Object outcome) {}

    private static final Send FAST = new Send(50, Plans.reply(200, "fast"));
    private static final Send SLOW = new Send(5_000, Plans.reply(200, "slow"));

    private Exchange wire(Send... script) {
        return sending -> {
            Attempt call = Attempt.of(sending);
            int number = sent.size();
            sent.add(call);
            Send send = script[Math.min(number, script.length - 1)];
            return Mono.delay(Duration.ofMillis(send.millis()), time)
                    .doOnSubscribe(s -> call.dispatched(false))
                    .flatMap(tick -> send.outcome() instanceof Reply reply
                            ? Mono.just(reply)
                            : send.outcome() instanceof Throwable error ? Mono.error(error) : Mono.never())
                    .doOnCancel(() -> cancelled.add(number));
        };
    }

    private static ApiException error(Certainty certainty) {
        return new ApiException(Failure.of(ErrorKind.SERVER_ERROR, certainty, Retryability.TRANSIENT, "oops"));
    }

    /** Runs 32 calls answered after 100 ms each: from now on, anything longer is slow. */
    private void learn(Plan plan) {
        for (int i = 0; i < 32; i++) {
            run(plan, wire(new Send(100, Plans.reply(200, "usual"))));
        }
        sent.clear();
        cancelled.clear();
        results.clear();
    }

    private Call run(Plan plan, Exchange wire) {
        Call call = Call.start(plan, time);
        retry.apply(call, attempt -> hedging.apply(attempt, wire))
                .subscribe(reply -> results.add(reply.value()), results::add);
        time.advanceTimeBy(Duration.ofSeconds(20));
        return call;
    }

    @Test
    void hedgesSlowSendAndTakesFirstAnswer() {
        learn(Plans.get());

        Call call = run(Plans.get(), wire(SLOW, FAST));

        assertThat(results).containsExactly("fast");
        assertThat(sent).hasSize(2);
        assertThat(cancelled).containsExactly(0);
        assertThat(call.attempts()).hasSize(2);
        Journey.Attempt loser = call.attempts().get(0);
        Journey.Attempt winner = call.attempts().get(1);
        assertThat(loser.decision()).isEqualTo("cancelled: the other send was answered first");
        assertThat(Duration.ofNanos(winner.startedAfterNanos())).isEqualTo(Duration.ofMillis(100));
        assertThat(Duration.ofNanos(winner.elapsedNanos())).isEqualTo(Duration.ofMillis(50));
        assertThat(winner.status()).isEqualTo(200);
    }

    @Test
    void sendsOnceWhenAnsweredInTime() {
        learn(Plans.get());

        run(Plans.get(), wire(FAST));

        assertThat(sent).hasSize(1);
        assertThat(results).containsExactly("fast");
    }

    @Test
    void takesAnswerOfFirstSendWhenItComesFirst() {
        learn(Plans.get());

        Call call = run(Plans.get(), wire(new Send(120, Plans.reply(200, "first")), SLOW));

        assertThat(results).containsExactly("first");
        assertThat(cancelled).containsExactly(1);
        assertThat(call.attempts()).hasSize(2);
    }

    @Test
    void sendsOnceUntilUsualLatencyIsKnown() {
        run(Plans.get(), wire(SLOW));

        assertThat(sent).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    IDEMPOTENT, 2",
        "HEAD,   IDEMPOTENT, 2",
        "POST,   IDEMPOTENT, 2",
        "POST,   KEYED,      2",
        "POST,   UNSAFE,     1",
        "PATCH,  UNSAFE,     1",
        "PUT,    IDEMPOTENT, 1",
        "DELETE, IDEMPOTENT, 1",
    })
    void hedgesOnlyCallsSafeInParallel(Method method, RetryClass retryClass, int sends) {
        Plan plan = Plans.of(method, retryClass);
        learn(plan);

        run(plan, wire(SLOW, FAST));

        assertThat(sent).hasSize(sends);
    }

    @Test
    void sendsOnceWhileQuotaIsScarce() {
        learn(Plans.get());
        scarce = call -> true;

        run(Plans.get(), wire(SLOW, FAST));

        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsOnceWhenRetryBudgetIsEmpty() {
        learn(Plans.get());
        while (retry.budget.withdraw()) {}

        run(Plans.get(), wire(SLOW, FAST));

        assertThat(sent).hasSize(1);
    }

    @Test
    void emitsErrorBeforeDelayWithoutHedging() {
        learn(Plans.get());

        run(Plans.get(), wire(new Send(10, error(Certainty.MAYBE_PROCESSED)), FAST));

        assertThat(sent).hasSize(1);
        assertThat(results).singleElement().isInstanceOf(ApiException.class);
    }

    @Test
    void waitsForSecondSendAfterErrorOfFirst() {
        learn(Plans.get());

        Call call = run(Plans.get(), wire(new Send(110, error(Certainty.MAYBE_PROCESSED)), FAST));

        assertThat(results).containsExactly("fast");
        assertThat(call.attempts()).hasSize(2);
        assertThat(call.attempts().get(0).decision()).isEqualTo("the other send was under way");
    }

    @Test
    void reportsStrongerCertaintyOfTwoErrors() {
        learn(Plans.get());

        Call call = run(
                Plans.get(),
                wire(new Send(110, error(Certainty.MAYBE_PROCESSED)), new Send(50, error(Certainty.REJECTED))));

        assertThat(results).singleElement().isInstanceOf(ApiException.class);
        assertThat(call.attempts()).hasSize(2);
        assertThat(call.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void cancelsBothSends() {
        learn(Plans.get());
        Call call = Call.start(Plans.get(), time);
        var running = retry.apply(call, attempt -> hedging.apply(attempt, wire(SLOW, SLOW)))
                .subscribe(results::add);
        time.advanceTimeBy(Duration.ofMillis(200));

        running.dispose();

        assertThat(cancelled).containsExactlyInAnyOrder(0, 1);
        time.advanceTimeBy(Duration.ofSeconds(20));
        assertThat(results).isEmpty();
    }

    @Test
    void sendsNothingMoreWhenCancelledBeforeDelay() {
        learn(Plans.get());
        var running = retry.apply(Call.start(Plans.get(), time), attempt -> hedging.apply(attempt, wire(SLOW, SLOW)))
                .subscribe(results::add);
        time.advanceTimeBy(Duration.ofMillis(50));

        running.dispose();
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(sent).hasSize(1);
    }

    @Test
    void startsSecondSendWithoutHeadersOfFirst() {
        learn(Plans.get());
        Exchange slow = wire(SLOW, FAST);

        run(Plans.get(), call -> {
            call.header("x-token", "t" + sent.size());
            return slow.exchange(call);
        });

        assertThat(sent)
                .extracting(Attempt::addedHeaders)
                .containsExactly(List.of("x-token", "t0"), List.of("x-token", "t1"));
    }

    @Test
    void computesPercentileOfLastAnswers() {
        LatencyWindow window = new LatencyWindow(0.95);
        for (int i = 1; i <= 31; i++) {
            window.record(i);
        }
        assertThat(window.atPercentile()).isEqualTo(LatencyWindow.UNKNOWN);
        window.record(32);
        assertThat(window.atPercentile()).isEqualTo(31);
        for (int i = 0; i < 256; i++) {
            window.record(1_000);
        }
        assertThat(window.atPercentile()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource({"0.5, PT0.01S, 0.2", "1, PT0.01S, 0.2", "NaN, PT0.01S, 0.2", "0.9, PT0S, 0.2", "0.9, PT1S, 1.1"})
    void refusesInvalidPolicy(double percentile, Duration delay, double quotaShare) {
        assertThatThrownBy(() -> new HedgingPolicy(percentile, delay, quotaShare))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void sendsOnceWhileCallWaitsForCircuit() {
        learn(Plans.get());
        Exchange waiting = attempt -> {
            Attempt.of(attempt).waitsForTurn(true);
            return wire(SLOW).exchange(attempt);
        };
        run(Plans.get(), waiting);
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(sent).hasSize(1);
        assertThat(results).hasSize(1);
    }

    @Test
    void queuesAgainWhenFirstSendIsTurnedBackAndSecondRefused() {
        learn(Plans.get());
        ApiException refusal = new ApiException(
                Failure.of(ErrorKind.CIRCUIT_OPEN, Certainty.NOT_SENT, Retryability.TRANSIENT, "circuit is open"));
        Exchange turningBack = sending -> {
            Attempt attempt = Attempt.of(sending);
            sent.add(attempt);
            if (sent.size() > 2) {
                return Mono.just(Plans.reply(200, "in its turn"));
            }
            return Mono.delay(Duration.ofSeconds(attempt.isParallel() ? 3 : 1), time)
                    .flatMap(tick -> {
                        if (!attempt.isParallel()) {
                            attempt.turnBack();
                        }
                        return Mono.error(refusal);
                    });
        };
        run(Plans.get(), turningBack);

        assertThat(sent).hasSize(3);
        assertThat(results).containsExactly("in its turn");
    }

    @Test
    void returnsBudgetOfSecondSendWhenAnsweredMeanwhile() {
        learn(Plans.get());
        Sinks.One<Reply> answer = Sinks.one();
        scarce = call -> {
            answer.tryEmitValue(Plans.reply(200, "first"));
            return false;
        };

        run(Plans.get(), sending -> {
            Attempt call = Attempt.of(sending);
            sent.add(call);
            return answer.asMono().doOnSubscribe(s -> call.dispatched(false));
        });

        assertThat(results).containsExactly("first");
        assertThat(sent).hasSize(1);
        int left = 0;
        while (retry.budget.withdraw()) {
            left++;
        }
        assertThat(left).as("retries left of 10").isEqualTo(10);
    }
}
