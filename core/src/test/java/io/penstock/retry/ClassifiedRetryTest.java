package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class ClassifiedRetryTest {

    /** With a random source fixed at the middle: waits of exactly 1, 2, 4, 8 s. */
    private static final RetryPolicy POLICY = RetryPolicy.standard();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Attempt> sent = new ArrayList<>();
    private final List<Long> sentAtMillis = new ArrayList<>();

    private static ApiException passing(String message) {
        return new ApiException(
                Failure.of(ErrorKind.CONNECTION_LOST, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, message));
    }

    private static ApiException permanent() {
        return new ApiException(
                Failure.of(ErrorKind.NOT_FOUND, Certainty.REJECTED, Retryability.PERMANENT, "404 NOT_FOUND"));
    }

    private static ClassifiedRetry retry(RetryPolicy policy) {
        return new ClassifiedRetry(policy, () -> 0.5);
    }

    /** Answers the attempts with these in order, and with the last one from then on. */
    private Exchange scripted(List<Mono<Reply>> answers) {
        Deque<Mono<Reply>> left = new ArrayDeque<>(answers);
        return recorded(call -> left.size() > 1 ? left.removeFirst() : left.getFirst());
    }

    private Exchange scripted(Mono<Reply> always) {
        return scripted(List.of(always));
    }

    private Exchange recorded(Function<Attempt, Mono<Reply>> answers) {
        return sending -> {
            Attempt call = Attempt.of(sending);
            sent.add(call);
            sentAtMillis.add(time.now(TimeUnit.MILLISECONDS));
            return answers.apply(call);
        };
    }

    private Call start(Plan plan) {
        return Call.start(plan, time);
    }

    private Mono<Reply> run(Exchange next) {
        return retry(POLICY).apply(start(Plans.get()), next);
    }

    @Test
    void emitsFirstSuccessAndRecordsAttempt() {
        Call call = start(Plans.get());

        StepVerifier.create(retry(POLICY).apply(call, scripted(Mono.just(Plans.reply(200, "a")))))
                .expectNextMatches(r -> "a".equals(r.value()))
                .verifyComplete();

        assertThat(sent).hasSize(1);
        assertThat(call.attempts()).singleElement().satisfies(a -> {
            assertThat(a.status()).isEqualTo(200);
            assertThat(a.failure()).isNull();
            assertThat(a.decision()).isNull();
        });
    }

    @Test
    void waitsExactlyAsDecided() {
        Call call = start(Plans.get());
        StepVerifier.create(retry(POLICY)
                        .apply(
                                call,
                                scripted(List.of(
                                        Mono.error(passing("one")),
                                        Mono.error(passing("two")),
                                        Mono.just(Plans.reply(200, "ok"))))))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(999)))
                .then(() -> assertThat(sent).hasSize(1))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .then(() -> assertThat(sent).hasSize(2))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1999)))
                .then(() -> assertThat(sent).hasSize(2))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sentAtMillis).containsExactly(0L, 1000L, 3000L);
        assertThat(call.attempts())
                .extracting(Journey.Attempt::waitNanos)
                .containsExactly(1_000_000_000L, 2_000_000_000L, 0L);
        assertThat(sent).extracting(Attempt::number).containsExactly(1, 2, 3);
    }

    @Test
    void failsWithLastErrorAfterLastAttempt() {
        Deque<ApiException> errors = new ArrayDeque<>();
        for (int i = 1; i <= 5; i++) {
            errors.add(passing("number " + i));
        }
        ApiException last = errors.getLast();

        StepVerifier.create(run(recorded(call -> Mono.error(errors.removeFirst()))))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(15)))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(last))
                .verify();

        assertThat(sent).hasSize(5);
    }

    @Test
    void emitsPermanentErrorAtOnce() {
        StepVerifier.create(run(scripted(Mono.error(permanent()))))
                .expectErrorMatches(ErrorKind.NOT_FOUND::matches)
                .verify();

        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsUnsafeCallOnceWhenItMayHaveActed() {
        Call call = start(Plans.of(Method.POST, RetryClass.UNSAFE));

        StepVerifier.create(retry(POLICY).apply(call, scripted(Mono.error(passing("reset")))))
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify();

        assertThat(sent).hasSize(1);
        assertThat(call.attempts().get(0).decision()).startsWith("no idempotency key");
    }

    @Test
    void sendsNothingBeforeDemand() {
        StepVerifier.create(run(scripted(Mono.just(Plans.reply(200, "ok")))), 0)
                .then(() -> assertThat(sent).isEmpty())
                .thenRequest(1)
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsOnceWhateverTheDemand() {
        TestPublisher<Reply> wire = TestPublisher.create();
        StepVerifier.create(run(scripted(wire.mono())), 1)
                .thenRequest(5)
                .thenRequest(Long.MAX_VALUE)
                .then(() -> wire.emit(Plans.reply(200, "ok")))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsNothingWhenCancelledBeforeDemand() {
        StepVerifier.create(run(scripted(Mono.just(Plans.reply(200, "ok")))), 0)
                .thenCancel()
                .verify();

        assertThat(sent).isEmpty();
    }

    @Test
    void cancelsAttemptAndSendsNothingAfterwards() {
        TestPublisher<Reply> wire = TestPublisher.create();
        StepVerifier.create(run(scripted(wire.mono())))
                .then(wire::assertWasSubscribed)
                .thenCancel()
                .verify();

        wire.assertCancelled();
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsNothingMoreWhenCancelledDuringWait() {
        StepVerifier.create(run(scripted(Mono.error(passing("reset")))))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(500)))
                .thenCancel()
                .verify();

        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(sent).hasSize(1);
    }

    @Test
    void ignoresErrorAfterCancel() {
        TestPublisher<Reply> wire = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        Call call = start(Plans.get());
        retry(POLICY).apply(call, scripted(wire.mono())).subscribe().dispose();
        wire.error(passing("closed by the cancel"));

        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(sent).hasSize(1);
        assertThat(call.attempts()).isEmpty();
    }

    @Test
    void makesAllAttemptsForEverySubscription() {
        for (int i = 1; i <= 3; i++) {
            StepVerifier.create(run(scripted(Mono.error(passing("reset")))))
                    .then(() -> time.advanceTimeBy(Duration.ofSeconds(15)))
                    .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                    .verify();
        }
        assertThat(sent).hasSize(15);

        sent.clear();
        Mono<Reply> one = retry(POLICY.withBudgetShare(1))
                .apply(start(Plans.within(Duration.ofHours(1))), scripted(Mono.error(passing("reset"))));
        for (int i = 1; i <= 3; i++) {
            StepVerifier.create(one)
                    .then(() -> time.advanceTimeBy(Duration.ofSeconds(15)))
                    .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                    .verify();
            assertThat(sent).as("after subscription %d", i).hasSize(5 * i);
        }
    }

    @Test
    void passesContextToEveryAttempt() {
        List<Object> seen = new ArrayList<>();
        Exchange next = call -> Mono.deferContextual(context -> {
            seen.add(context.get("tenant"));
            return seen.size() < 3 ? Mono.error(passing("reset")) : Mono.just(Plans.reply(200, "ok"));
        });

        StepVerifier.create(run(next).contextWrite(c -> c.put("tenant", "blue")))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(3)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(seen).containsExactly("blue", "blue", "blue");
    }

    @Test
    void retriesManyTimesWithoutGrowingStack() {
        RetryPolicy eager = new RetryPolicy(100, new Backoff(Duration.ZERO, 1, Duration.ZERO, 0), Duration.ZERO, 1);
        List<Integer> depths = new ArrayList<>();
        Exchange next = recorded(call -> {
            depths.add(Thread.currentThread().getStackTrace().length);
            return Mono.error(passing("reset"));
        });

        StepVerifier.create(retry(eager).apply(start(Plans.get()), next))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify();

        assertThat(depths).hasSize(100);
        assertThat(depths.get(99)).isLessThan(depths.get(1) + 20);
    }

    @Test
    void reportsThrowingOperatorWithItsCause() {
        IllegalStateException bug = new IllegalStateException("bug");

        StepVerifier.create(run(recorded(call -> {
                    throw bug;
                })))
                .expectErrorSatisfies(e -> assertThat(e)
                        .hasCause(bug)
                        .hasMessage("an operator failed with IllegalStateException (see the cause)")
                        .isInstanceOfSatisfying(ApiException.class, a -> {
                            assertThatObject(a.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
                            assertThat(a.certainty()).isEqualTo(Certainty.NOT_SENT);
                        }))
                .verify();

        assertThat(sent).hasSize(1);
    }

    @Test
    void reportsOperatorThatReturnsNull() {
        // An operator written without null checks may return null.
        @SuppressWarnings("NullAway")
        Exchange next = call -> null;

        StepVerifier.create(run(next))
                .expectErrorMatches(ErrorKind.OPERATOR_FAILED::matches)
                .verify(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 500})
    void derivesCertaintyOfOperatorFailureFromDispatch(int status) {
        StepVerifier.create(run(sending -> Mono.defer(() -> {
                    Attempt call = Attempt.of(sending);
                    call.dispatched(false);
                    if (status != 0) {
                        call.answered(status);
                    }
                    return Mono.error(new IllegalStateException("bug"));
                })))
                .expectErrorSatisfies(e -> assertThat(((ApiException) e).certainty())
                        .isEqualTo(status == 200 ? Certainty.PROCESSED : Certainty.MAYBE_PROCESSED))
                .verify();
    }

    @Test
    void failsAtOnceWithRetryTimeWhenWaitExceedsDeadline() {
        Call call = start(Plans.within(Duration.ofMillis(2500)));

        StepVerifier.create(retry(POLICY).apply(call, scripted(Mono.error(passing("reset")))))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify(Duration.ofSeconds(30));

        assertThat(sent).hasSize(2);
        assertThat(call.retryAt()).isEqualTo(Instant.ofEpochMilli(3000));
        assertThat(call.attempts().get(1).decision()).isEqualTo("the wait would overrun the deadline");
    }

    @Test
    void givesNoRetryTimeForPermanentError() {
        Call call = start(Plans.get());

        StepVerifier.create(retry(POLICY).apply(call, scripted(Mono.error(permanent()))))
                .expectError()
                .verify();

        assertThat(call.retryAt()).isNull();
    }

    @Test
    void failsWithRealErrorWhenBudgetIsEmpty() {
        ClassifiedRetry retry = retry(POLICY.withBudgetShare(0).withMaxAttempts(100));
        Call call = start(Plans.within(Duration.ofDays(1)));

        StepVerifier.create(retry.apply(call, scripted(Mono.error(passing("reset")))))
                .then(() -> time.advanceTimeBy(Duration.ofHours(1)))
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify();

        assertThat(sent).as("one send and the floor of ten").hasSize(11);
        assertThat(call.attempts().get(10).decision()).isEqualTo("retry budget used up");
        assertThat(call.retryAt()).isNotNull();
    }

    @Test
    void endsOnceOnReplyFollowedByError() {
        TestPublisher<Reply> wire = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(run(scripted(wire.mono())))
                .then(() -> wire.next(Plans.reply(200, "first")))
                .then(() -> wire.error(passing("late")))
                .expectNextCount(1)
                .expectComplete()
                .verifyThenAssertThat()
                .hasDroppedErrors(1);

        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(sent).hasSize(1);
    }

    @Test
    void completesEmptyWhenOperatorSwallowsReply() {
        StepVerifier.create(run(scripted(Mono.empty()))).verifyComplete();

        assertThat(sent).hasSize(1);
    }

    @Test
    void failsWithRealErrorWhenSchedulerIsDisposed() {
        Call call = start(Plans.get());
        Mono<Reply> reply = retry(POLICY).apply(call, scripted(Mono.error(passing("reset"))));
        time.dispose();

        StepVerifier.create(reply)
                .expectErrorMatches(ErrorKind.CONNECTION_LOST::matches)
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void leavesAttemptAloneWhenWaitEndsBeforeTimerIsKnown() {
        AtomicInteger disposals = new AtomicInteger();
        Scheduler hasty = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                throw new RejectedExecutionException("not used");
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                task.run(); // as another thread could, before this one returns
                return disposals::incrementAndGet;
            }

            @Override
            public Worker createWorker() {
                throw new RejectedExecutionException("not used");
            }
        };

        StepVerifier.create(retry(POLICY)
                        .apply(
                                Call.start(Plans.get(), hasty),
                                scripted(List.of(Mono.error(passing("reset")), Mono.just(Plans.reply(200, "ok"))))))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(disposals).as("a disposal would interrupt the attempt").hasValue(0);
    }

    @Test
    void failsWithRealErrorWhenDecisionThrows() {
        ClassifiedRetry broken = new ClassifiedRetry(POLICY, () -> {
            throw new IllegalStateException("dice");
        });
        ApiException failure = passing("reset");

        StepVerifier.create(broken.apply(Call.start(Plans.get(), time), scripted(Mono.error(failure))))
                .verifyErrorSatisfies(
                        e -> assertThat(e).isSameAs(failure).hasSuppressedException(new IllegalStateException("dice")));
    }

    @Test
    void failsWithRealErrorWhenSchedulerThrows() {
        Scheduler broken = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                throw new IllegalStateException("no threads");
            }

            @Override
            public Worker createWorker() {
                throw new IllegalStateException("no threads");
            }
        };
        ApiException failure = passing("reset");

        StepVerifier.create(retry(POLICY).apply(Call.start(Plans.get(), broken), scripted(Mono.error(failure))))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(failure));
    }

    /** Races the end of a wait with a cancel on another thread: afterwards no attempt may be left running. */
    @Test
    void leavesNoAttemptRunningWhenWaitRacesWithCancel() throws InterruptedException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        RetryPolicy quick = new RetryPolicy(
                100, new Backoff(Duration.ofNanos(200_000), 1, Duration.ofNanos(200_000), 0.5), Duration.ZERO, 1);
        ClassifiedRetry retry = new ClassifiedRetry(quick);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        Exchange next = call -> {
            if (Attempt.of(call).number() % 2 == 1) {
                return Mono.error(passing("reset"));
            }
            return Mono.<Reply>never()
                    .doOnSubscribe(s -> running.incrementAndGet())
                    .doOnCancel(running::decrementAndGet);
        };
        for (int i = 0; i < 2_000; i++) {
            Disposable subscription = retry.apply(Call.start(Plans.get(), Schedulers.parallel()), next)
                    .subscribe(r -> told.incrementAndGet(), e -> told.incrementAndGet());
            long until = System.nanoTime() + random.nextInt(500_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            subscription.dispose();
        }
        for (int i = 0; i < 3_000 && running.get() != 0; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(running).as("attempts left running, seed %d", seed).hasValue(0);
        assertThat(told).as("signals after cancel, seed %d", seed).hasValue(0);
    }

    /** A user's operator may have sent it after all, and an unsafe request must not act twice. */
    @Test
    void sendsUnsafeCallOnceThoughItWasTurnedBack() {
        Exchange next = recorded(attempt -> {
            attempt.turnBack();
            attempt.dispatched(false);
            return sent.size() == 1 ? Mono.error(passing("reset")) : Mono.just(Plans.reply(200, "twice"));
        });

        StepVerifier.create(retry(POLICY).apply(start(Plans.of(Method.POST, RetryClass.UNSAFE)), next))
                .verifyErrorMatches(e -> e.getMessage().contains("reset"));
        assertThat(sent).hasSize(1);
    }

    @Test
    void refundsNothingForUnpaidRenewal() {
        ClassifiedRetry retry = retry(POLICY.withBudgetShare(0.2));
        while (retry.budget.available(0) && retry.budget.withdraw()) {
            assertThat(retry.budget.line()).isNotNull();
        }
        ApiException refused = new ApiException(Failure.of(
                ErrorKind.AUTHENTICATION, Certainty.REJECTED, Retryability.AFTER_RENEWAL, "401 AUTHENTICATION"));
        Exchange next = recorded(attempt -> {
            if (sent.size() > 1) {
                return Mono.just(Plans.reply(200, "ok"));
            }
            attempt.credentialRenewed();
            return Mono.error(refused);
        });
        StepVerifier.withVirtualTime(() -> retry.apply(start(Plans.get()), next), () -> time, 1)
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(sent).hasSize(2);
        assertThat(retry.budget.available(0)).isFalse();
    }

    @Test
    void refundsRetryWhenRepeatedDeleteFindsNothing() {
        ClassifiedRetry retry = retry(POLICY.withBudgetShare(0.2));
        List<Boolean> left = new ArrayList<>();
        Exchange next = recorded(attempt -> {
            if (sent.size() == 1) {
                return Mono.error(new ApiException(Failure.of(
                        ErrorKind.CONNECTION_LOST, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, "reset")));
            }
            while (retry.budget.withdraw()) {
                left.add(retry.budget.available(0));
            }
            return Mono.error(
                    new ApiException(Failure.of(ErrorKind.NOT_FOUND, Certainty.REJECTED, Retryability.PERMANENT, "404")
                            .withStatus(404)));
        });
        StepVerifier.withVirtualTime(
                        () -> retry.apply(start(Plans.of(Method.DELETE, RetryClass.IDEMPOTENT)), next), () -> time, 1)
                .thenAwait(Duration.ofMinutes(1))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(left).isNotEmpty();
        assertThat(retry.budget.withdraw()).isTrue();
    }
}
