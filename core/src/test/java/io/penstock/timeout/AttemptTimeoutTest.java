package io.penstock.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class AttemptTimeoutTest {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AttemptTimeout timeout = new AttemptTimeout(LIMIT, time);
    private final TestPublisher<Reply> wire = TestPublisher.create();

    private Attempt attempt(Duration deadline) {
        return Call.start(Plans.within(deadline), time).attempt(1);
    }

    private ApiException expired(Call call, Duration after) {
        List<Throwable> errors = new ArrayList<>();
        timeout.apply(call, c -> wire.mono()).subscribe(r -> {}, errors::add);
        time.advanceTimeBy(after.minusNanos(1));
        assertThat(errors).as("just before").isEmpty();
        time.advanceTimeBy(Duration.ofMillis(AttemptTimers.TICK_MILLIS));
        assertThat(errors).as("one tick later").hasSize(1);
        return (ApiException) errors.get(0);
    }

    @Test
    void endsAttemptAtItsLimit() {
        ApiException e = expired(attempt(Duration.ofSeconds(60)), LIMIT);

        assertThat(e).hasMessage("attempt timeout of 2000 ms: no connection yet");
        assertThat(e.phase()).isEqualTo(Phase.ATTEMPT);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(e.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(wire.subscribeCount()).isEqualTo(1);
        wire.assertCancelled(1);
    }

    @Test
    void endsAttemptAtNearerDeadline() {
        ApiException e = expired(attempt(Duration.ofMillis(700)), Duration.ofMillis(700));

        assertThat(e).hasMessage("deadline of 700 ms reached: no connection yet");
        assertThat(e.phase()).isEqualTo(Phase.TOTAL);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.retryability()).isEqualTo(Retryability.PERMANENT);
        wire.assertCancelled(1);
    }

    @Test
    void countsLimitFromAttempt() {
        Call call = Call.start(Plans.get(), time);
        time.advanceTimeBy(Duration.ofSeconds(30));

        assertThatObject(expired(call.attempt(2), LIMIT).kind()).isEqualTo(ErrorKind.TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false | 0   | NOT_SENT        | no connection yet
            true  | 0   | MAYBE_PROCESSED | no answer yet
            true  | 200 | PROCESSED       | answer 200 not complete after 0 bytes of its body
            true  | 204 | PROCESSED       | answer 204 not complete after 0 bytes of its body
            true  | 299 | PROCESSED       | answer 299 not complete after 0 bytes of its body
            true  | 302 | MAYBE_PROCESSED | answer 302 not complete after 0 bytes of its body
            true  | 404 | MAYBE_PROCESSED | answer 404 not complete after 0 bytes of its body
            true  | 503 | MAYBE_PROCESSED | answer 503 not complete after 0 bytes of its body
            """)
    void derivesCertaintyFromWire(boolean dispatched, int status, Certainty certainty, String reached) {
        Attempt call = attempt(Duration.ofSeconds(60));
        if (dispatched) {
            call.dispatched(false);
        }
        if (status != 0) {
            call.answered(status);
        }

        ApiException e = expired(call, LIMIT);

        assertThat(e.certainty()).isEqualTo(certainty);
        assertThat(e.status()).isEqualTo(status);
        assertThat(e).hasMessage("attempt timeout of 2000 ms: " + reached);
    }

    @Test
    void reportsAttemptWrittenDuringCancelAsMaybeProcessed() {
        Attempt call = attempt(Duration.ofSeconds(60));
        // the connection comes just before the cancel does: the event loop has begun to write
        Mono<Reply> written = wire.mono().doOnCancel(() -> call.dispatched(false));
        List<Throwable> errors = new ArrayList<>();
        timeout.apply(call, c -> written).subscribe(r -> {}, errors::add);

        time.advanceTimeBy(LIMIT.plusMillis(AttemptTimers.TICK_MILLIS));

        assertThat(errors)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED));
    }

    /** Events of the wire, each at a millisecond: d = dispatched, h = head, a number = that many bytes of the body. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # events                     | first byte | idle | ended between | phase
            d@100                        | 300        | 500  | 400 .. 420    | FIRST_BYTE | no answer yet
            d@100                        | -          | 500  | 2000 .. 2010  | ATTEMPT    | no answer yet
                                         | 300        | 500  | 2000 .. 2010  | ATTEMPT    | no connection yet
            d@100 h@399                  | 300        | 500  | 899 .. 919    | IDLE       | answer 200 not complete after 0 bytes of its body
            d@100 h@399                  | 300        | -    | 2000 .. 2010  | ATTEMPT    | answer 200 not complete after 0 bytes of its body
            d@0 h@100 7@500 5@999        | 300        | 500  | 1499 .. 1519  | IDLE       | answer 200 not complete after 12 bytes of its body
            d@0 h@100 1@590 1@1080 1@1570| 300        | 500  | 2000 .. 2010  | ATTEMPT    | answer 200 not complete after 3 bytes of its body
            d@0 h@100                    | 5000       | 5000 | 2000 .. 2010  | ATTEMPT    | answer 200 not complete after 0 bytes of its body
            """)
    void namesPhaseWhoseTimeRanOut(
            @Nullable String events,
            @Nullable Long firstByte,
            @Nullable Long idle,
            String between,
            Phase phase,
            String reached) {
        Attempt call = attempt(Duration.ofSeconds(60));
        for (String event : events == null ? new String[0] : events.split(" ", -1)) {
            String[] what = event.split("@", 2);
            time.schedule(() -> happens(call, what[0]), Long.parseLong(what[1]), TimeUnit.MILLISECONDS);
        }
        AttemptTimeout phased = new AttemptTimeout(
                LIMIT,
                firstByte == null ? null : Duration.ofMillis(firstByte),
                idle == null ? null : Duration.ofMillis(idle),
                time);
        List<ApiException> errors = new ArrayList<>();
        phased.apply(call, c -> wire.mono()).subscribe(r -> {}, e -> errors.add((ApiException) e));
        long began = time.now(TimeUnit.MILLISECONDS);
        while (errors.isEmpty() && time.now(TimeUnit.MILLISECONDS) - began < 10_000) {
            time.advanceTimeBy(Duration.ofMillis(1));
        }

        String[] bounds = between.split(" \\.\\. ", 2);
        assertThat(time.now(TimeUnit.MILLISECONDS) - began)
                .isBetween(Long.parseLong(bounds[0]), Long.parseLong(bounds[1]));
        assertThat(errors).singleElement().satisfies(e -> {
            assertThatObject(e.phase()).isEqualTo(phase);
            assertThatObject(e.kind()).isEqualTo(ErrorKind.TIMEOUT);
            assertThat(e.retryability()).isEqualTo(Retryability.TRANSIENT);
            assertThat(e).hasMessageEndingWith(" ms: " + reached);
        });
        wire.assertCancelled(1);
    }

    private static void happens(Attempt call, String what) {
        switch (what) {
            case "d" -> call.dispatched(false);
            case "h" -> call.answered(200);
            default -> call.received(Integer.parseInt(what));
        }
    }

    @Test
    void namesAttemptAndProgressAtDeadline() {
        Attempt call = Call.start(Plans.within(Duration.ofMillis(700)), time).attempt(3);
        call.dispatched(true);
        call.answered(200);
        call.received(4096);

        assertThat(expired(call, Duration.ofMillis(700)))
                .hasMessage("deadline of 700 ms reached in attempt 3: answer 200 not complete after 4096 bytes of its"
                        + " body");
    }

    @Test
    void describesEffectiveLimits() {
        assertThat(new AttemptTimeout(LIMIT, Duration.ofMillis(500), Duration.ofSeconds(30), time).describe())
                .isEqualTo("2000 ms, or what is left of the deadline; first byte 500 ms");
        assertThat(new AttemptTimeout(LIMIT, null, Duration.ofSeconds(1), time).describe())
                .isEqualTo("2000 ms, or what is left of the deadline; idle 1000 ms");
    }

    @Test
    void emitsReplyJustBeforeLimit() {
        Sinks.One<Reply> reply = Sinks.one();
        AtomicInteger cancels = new AtomicInteger();
        StepVerifier.create(timeout.apply(
                        attempt(Duration.ofSeconds(60)), c -> reply.asMono().doOnCancel(cancels::incrementAndGet)))
                .then(() -> time.advanceTimeBy(LIMIT.minusNanos(1)))
                .then(() -> reply.tryEmitValue(Plans.reply(200, "ok")))
                .expectNextCount(1)
                .verifyComplete();

        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(cancels).hasValue(0);
    }

    @Test
    void passesErrorOfAttemptUnchanged() {
        IllegalStateException broken = new IllegalStateException("broken");

        StepVerifier.create(timeout.apply(attempt(Duration.ofSeconds(60)), c -> Mono.error(broken)))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(broken))
                .verify();
    }

    @Test
    void completesEmptyForEmptyAttempt() {
        StepVerifier.create(timeout.apply(attempt(Duration.ofSeconds(60)), c -> Mono.empty()))
                .verifyComplete();
    }

    @Test
    void ignoresSignalsAfterTimeout() {
        TestPublisher<Reply> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(timeout.apply(attempt(Duration.ofSeconds(60)), c -> late.mono()))
                .then(() -> time.advanceTimeBy(LIMIT.plusMillis(10)))
                .then(() -> late.next(Plans.reply(200, "late")))
                .then(late::complete)
                .expectErrorMatches(ErrorKind.TIMEOUT::matches)
                .verify();
    }

    @Test
    void cancelsAttemptOnceWithoutTimeout() {
        List<Throwable> errors = new ArrayList<>();
        var subscription =
                timeout.apply(attempt(Duration.ofSeconds(60)), c -> wire.mono()).subscribe(r -> {}, errors::add);
        subscription.dispose();
        subscription.dispose();
        time.advanceTimeBy(Duration.ofSeconds(10));

        wire.assertCancelled(1);
        assertThat(errors).isEmpty();
    }

    @Test
    void stopsTickingOnceAttemptsHaveEnded() {
        for (int i = 0; i < 100; i++) {
            timeout.apply(attempt(Duration.ofSeconds(60)), c -> Mono.just(Plans.reply(200, "ok")))
                    .block();
        }
        time.advanceTimeBy(Duration.ofSeconds(2));
        long left = time.getScheduledTaskCount();
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(time.getScheduledTaskCount())
                .as("ticks after a quiet second")
                .isEqualTo(left);
    }

    @Test
    void watchesMoreThanThousandAttempts() {
        AtomicInteger timedOut = new AtomicInteger();
        for (int i = 0; i < 2500; i++) {
            timeout.apply(attempt(Duration.ofSeconds(60)), c -> Mono.never())
                    .subscribe(r -> {}, e -> timedOut.incrementAndGet());
        }
        time.advanceTimeBy(LIMIT.plusMillis(10));

        assertThat(timedOut).hasValue(2500);
    }

    @Test
    void passesContextUpstream() {
        StepVerifier.create(timeout.apply(
                                attempt(Duration.ofSeconds(60)),
                                c -> Mono.deferContextual(v -> Mono.just(Plans.reply(200, v.get("tenant")))))
                        .contextWrite(c -> c.put("tenant", "blue")))
                .expectNextMatches(r -> "blue".equals(r.value()))
                .verifyComplete();
    }

    @Test
    void failsAttemptWhenSchedulerIsDisposed() {
        Attempt call = attempt(Duration.ofSeconds(60));
        time.dispose();

        List<Throwable> errors = new ArrayList<>();
        timeout.apply(call, c -> wire.mono()).subscribe(r -> {}, errors::add);

        assertThat(errors).singleElement().isInstanceOfSatisfying(ApiException.class, e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
            assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        });
        wire.assertCancelled(1);
    }

    /** Races reply, timeout and cancel from three threads on the real scheduler. */
    @Test
    void endsEveryAttemptOnceUnderRaces() throws InterruptedException {
        int attempts = 600;
        AttemptTimeout quick = new AttemptTimeout(Duration.ofMillis(20), Schedulers.parallel());
        List<Ends> all = new ArrayList<>();
        List<Sinks.One<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < attempts; i++) {
            Sinks.One<Reply> reply = Sinks.one();
            replies.add(reply);
            Ends ends = new Ends();
            all.add(ends);
            quick.apply(Call.start(Plans.get(), Schedulers.parallel()).attempt(1), c -> reply.asMono())
                    .subscribe(ends);
        }
        CountDownLatch go = new CountDownLatch(1);
        Thread replier = racing(go, i -> replies.get(i).tryEmitValue(Plans.reply(200, "ok")), attempts, 1);
        Thread canceller = racing(go, i -> all.get(i).cancel(), attempts, 3);
        go.countDown();
        replier.join();
        canceller.join();
        for (int i = 0; i < 3_000 && !all.stream().allMatch(Ends::isOver); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        TimeUnit.MILLISECONDS.sleep(50); // in which a second end could come

        for (int i = 0; i < attempts; i++) {
            Ends ends = all.get(i);
            assertThat(ends.values.get()).as("values of %d", i).isLessThanOrEqualTo(1);
            assertThat(ends.terminals.get()).as("ends of %d", i).isLessThanOrEqualTo(1);
            assertThat(ends.terminals.get() + (ends.cancelled ? 1 : 0))
                    .as("ended or cancelled, %d", i)
                    .isGreaterThanOrEqualTo(1);
        }
    }

    private static Thread racing(CountDownLatch go, Consumer<Integer> action, int attempts, int every) {
        Thread thread = new Thread(() -> {
            try {
                go.await();
                for (int i = 0; i < attempts; i += every) {
                    action.accept(i);
                    if (i % 20 == 0) {
                        TimeUnit.MICROSECONDS.sleep(500);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    private static final class Ends implements CoreSubscriber<Reply> {
        private final AtomicInteger values = new AtomicInteger();
        private final AtomicInteger terminals = new AtomicInteger();
        private volatile boolean cancelled;
        private volatile Subscription subscription = reactor.core.publisher.Operators.emptySubscription();

        boolean isOver() {
            return cancelled || terminals.get() > 0;
        }

        void cancel() {
            cancelled = true;
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(1);
        }

        @Override
        public void onNext(Reply reply) {
            values.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
            terminals.incrementAndGet();
        }

        @Override
        public void onComplete() {
            terminals.incrementAndGet();
        }
    }

    @Test
    void describesFailureByKindCertaintyAndRetryability() {
        Failure failure = expired(attempt(Duration.ofSeconds(60)), LIMIT).failure();

        assertThat(failure).hasToString("Failure[TIMEOUT, NOT_SENT, TRANSIENT]");
    }
}
