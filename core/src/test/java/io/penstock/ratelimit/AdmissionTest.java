package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.penstock.ForwardingScheduler;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import io.penstock.request.Plan;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

class AdmissionTest {

    private static final URI ORIGIN = URI.create("https://api.example.com/v1/");
    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** Bytes of Reactor's lambda subscriber, which a test puts in front of each waiter. */
    private static final long SUBSCRIBER_BYTES = 40;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Sinks.One<Reply>> wire = new ArrayList<>();
    private final List<Object> results = new ArrayList<>();

    /** A wire on which every request is under way until a test answers it. */
    private final Exchange next = call -> {
        Sinks.One<Reply> answer = Sinks.one();
        wire.add(answer);
        return answer.asMono().doOnSubscribe(s -> Attempt.of(call).dispatched(true));
    };

    private Admission gate(GatePolicy policy, DeclaredLimit... limits) {
        return new Admission(QuotaModel.declared(limits), policy, time, ORIGIN);
    }

    private static DeclaredLimit limit(int permits) {
        return DeclaredLimit.perCredential("key", permits, WINDOW);
    }

    private Attempt call(Plan plan) {
        return Call.start(plan, time).attempt(1);
    }

    private Disposable ask(Admission gate, String name) {
        return ask(gate, name, Plans.within(Duration.ofMinutes(10)));
    }

    private Disposable ask(Admission gate, String name, Plan plan) {
        return gate.apply(call(plan), next).subscribe(reply -> results.add(name), error -> results.add(error));
    }

    private void answer(int number) {
        wire.get(number).tryEmitValue(Plans.reply(200, "ok"));
    }

    @Test
    void takesQuotaAndPlaceTogether() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(10));
        Partition partition = gate.of(Plans.get());

        ask(gate, "a");
        ask(gate, "b");

        assertThat(wire).hasSize(1);
        assertThat(partition.declared().get(0).free(0))
                .as("b holds no unit while it has no place")
                .isEqualTo(9);
        answer(0);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(wire).hasSize(2);
    }

    @Test
    void servesCallsInOrder() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(100));
        for (String name : List.of("a", "b", "c", "d")) {
            ask(gate, name);
        }
        for (int i = 0; i < 4; i++) {
            answer(i);
            time.advanceTimeBy(Duration.ofMillis(1));
        }

        assertThat(results).containsExactly("a", "b", "c", "d");
    }

    @Test
    void prefersForegroundWithoutStarvingBackground() {
        Admission gate = gate(new GatePolicy(1, 100, false), limit(100));
        Plan background = Plans.background();
        ask(gate, "running");
        ask(gate, "back", background);
        for (int i = 0; i < 20; i++) {
            ask(gate, "front");
        }
        for (int i = 0; i < 22; i++) {
            answer(i);
            time.advanceTimeBy(Duration.ofMillis(1));
        }

        assertThat(results.indexOf("back")).isEqualTo(9);
    }

    @Test
    void returnsUnitOneWindowAfterRequestEnds() {
        Admission gate = gate(GatePolicy.standard(), limit(2));
        ask(gate, "a");
        ask(gate, "b");
        ask(gate, "c");
        time.advanceTimeBy(Duration.ofSeconds(3));
        answer(0);
        answer(1);

        time.advanceTimeBy(WINDOW.minusMillis(1));
        assertThat(wire).hasSize(2);
        time.advanceTimeBy(Duration.ofMillis(200));
        assertThat(wire).hasSize(3);
    }

    @Test
    void spendsNothingOnCallCancelledInQueue() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(2));
        ask(gate, "a");
        Disposable b = ask(gate, "b");
        ask(gate, "c");

        b.dispose();
        answer(0);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(wire).hasSize(2);
        answer(1);
        assertThat(results).containsExactly("a", "c");
        assertThat(gate.of(Plans.get()).line().waiting()).isZero();
    }

    @Test
    void returnsUnitOfRequestThatWasNotSent() {
        Admission gate = gate(GatePolicy.standard(), limit(2));
        Exchange refused = call -> Mono.error(new IllegalStateException("no connection"));

        for (int i = 0; i < 50; i++) {
            gate.apply(call(Plans.get()), refused).subscribe(r -> {}, results::add);
        }

        assertThat(results).hasSize(50).allMatch(e -> e instanceof IllegalStateException);
        assertThat(gate.of(Plans.get()).declared().get(0).free(0)).isEqualTo(2);
    }

    @Test
    void refusesWaitBeyondDeadline() {
        Admission gate = gate(GatePolicy.standard(), limit(1));
        ask(gate, "a");
        answer(0);

        ask(gate, "b", Plans.within(Duration.ofSeconds(5)));

        assertThat(results.get(1)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
            assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(e.retryAfter()).isBetween(WINDOW, WINDOW.plusMillis(200));
            assertThat(e).hasMessageContaining("quota key is used up for 10");
        });
        assertThat(wire).hasSize(1);
    }

    @Test
    void failsCallWhoseDeadlinePassesInQueue() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(10));
        ask(gate, "a");
        ask(gate, "b", Plans.within(Duration.ofSeconds(1)));

        time.advanceTimeBy(Duration.ofMillis(1200));

        assertThat(results)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED));
        assertThat(gate.of(Plans.get()).line().waiting()).isZero();
    }

    @Test
    void failsOtherWaitersAfterFatalErrorOfSubscriber() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(10));
        ask(gate, "running");
        gate.apply(call(Plans.get()), next).subscribe(reply -> {}, error -> {
            throw new NoClassDefFoundError("a class of the caller's");
        });
        ask(gate, "a");

        assertThatThrownBy(gate::close).isInstanceOf(NoClassDefFoundError.class);

        assertThat(results)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED));
        assertThat(gate.of(Plans.get()).line().waiting()).isZero();
    }

    @Test
    void refusesCallWhenQueueIsFull() {
        Admission gate = gate(new GatePolicy(1, 2, false), limit(10));
        for (String name : List.of("a", "b", "c", "d")) {
            ask(gate, name);
        }

        assertThat(results).singleElement().isInstanceOfSatisfying(ApiException.class, e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.POOL_EXHAUSTED);
            assertThat(e).hasMessageContaining("2 calls wait already");
        });
    }

    @Test
    void freezesAllAfterRefusalAndReleasesThemGradually() {
        Admission gate = gate(new GatePolicy(100, 100, false), limit(1_000));
        Attempt first = call(Plans.within(Duration.ofMinutes(10)));
        gate.apply(first, next).subscribe(r -> {}, results::add);
        gate.refused(first, TimeUnit.SECONDS.toNanos(5), true, null);
        answer(0);
        for (int i = 0; i < 10; i++) {
            ask(gate, "w" + i);
        }

        time.advanceTimeBy(Duration.ofMillis(4990));
        assertThat(wire).as("frozen").hasSize(1);
        time.advanceTimeBy(Duration.ofMillis(50));
        assertThat(wire).as("one goes ahead").hasSize(2);
        time.advanceTimeBy(Duration.ofMillis(150));
        assertThat(wire.size()).as("then two in all, then four, …").isBetween(3, 5);
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(wire).hasSize(11);
    }

    @Test
    void keepsLongestOfTwoFreezes() {
        Admission gate = gate(new GatePolicy(100, 100, false), limit(1_000));
        Attempt call = call(Plans.within(Duration.ofMinutes(10)));
        gate.refused(call, TimeUnit.SECONDS.toNanos(30), true, null);
        gate.refused(call, TimeUnit.SECONDS.toNanos(1), true, null);

        ask(gate, "a");
        time.advanceTimeBy(Duration.ofSeconds(29));
        assertThat(wire).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(wire).hasSize(1);
    }

    @Test
    void releasesOthersDespiteSlowCallBeforeFreeze() {
        Admission gate = gate(new GatePolicy(100, 100, false), limit(1_000));
        Attempt slow = call(Plans.within(Duration.ofMinutes(10)));
        gate.apply(slow, next).subscribe(r -> {}, results::add);
        gate.refused(slow, TimeUnit.SECONDS.toNanos(1), true, null);

        ask(gate, "a");
        ask(gate, "b");
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(wire).hasSize(3);
    }

    @Test
    void sharesPlacesAmongWaitingQuotas() {
        Admission gate = new Admission(
                QuotaModel.unknown().countedPerOperation(), new GatePolicy(1, 1_000, false), time, ORIGIN);
        ask(gate, "running", Plans.operation("GET a"));
        for (int i = 0; i < 20; i++) {
            ask(gate, "a", Plans.operation("GET a"));
        }
        ask(gate, "b", Plans.operation("GET b"));
        for (int i = 0; i < 4; i++) {
            answer(i);
            time.advanceTimeBy(Duration.ofMillis(1));
        }

        assertThat(results).contains("b");
    }

    @Test
    void passesContextThroughGate() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(10));
        List<Object> seen = new ArrayList<>();
        Exchange looking = call -> Mono.deferContextual(context -> {
            seen.add(context.get("who"));
            return Mono.just(Plans.reply(200, "ok"));
        });
        ask(gate, "a");
        gate.apply(call(Plans.get()), looking)
                .contextWrite(context -> context.put("who", "me"))
                .subscribe();
        answer(0);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(seen).containsExactly("me");
    }

    /** Subscribes, answers, cancels and advances time in seeded orders: in the end every permit is back. */
    @Test
    void returnsEveryPermitOnce() {
        for (long seed = 0; seed < 10_000; seed++) {
            try {
                returnsEveryPermitOnce(new SplittableRandom(seed));
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void returnsEveryPermitOnce(SplittableRandom random) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        int places = 1 + random.nextInt(4);
        int permits = 1 + random.nextInt(6);
        Admission gate = new Admission(
                QuotaModel.declared(DeclaredLimit.perCredential("key", permits, Duration.ofSeconds(1))),
                new GatePolicy(places, 20, false),
                clock,
                ORIGIN);
        Partition partition = gate.of(Plans.get());
        List<Sinks.One<Reply>> running = new ArrayList<>();
        List<Disposable> calls = new ArrayList<>();
        for (int step = 0; step < 30; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 ->
                    calls.add(gate.apply(
                                    Call.start(Plans.within(Duration.ofMillis(1 + random.nextInt(5_000))), clock)
                                            .attempt(1),
                                    call -> {
                                        Sinks.One<Reply> answer = Sinks.one();
                                        running.add(answer);
                                        return answer.asMono().doOnSubscribe(s -> {
                                            if (random.nextInt(4) > 0) {
                                                Attempt.of(call).dispatched(true);
                                            }
                                        });
                                    })
                            .subscribe(r -> {}, e -> {}));
                case 2 -> {
                    if (!running.isEmpty()) {
                        Sinks.One<Reply> answer = running.remove(random.nextInt(running.size()));
                        if (random.nextBoolean()) {
                            answer.tryEmitValue(Plans.reply(200, "ok"));
                        } else {
                            answer.tryEmitError(new IllegalStateException("broken"));
                        }
                    }
                }
                case 3 -> {
                    if (!calls.isEmpty()) {
                        calls.remove(random.nextInt(calls.size())).dispose();
                    }
                }
                default -> clock.advanceTimeBy(Duration.ofMillis(random.nextInt(400)));
            }
            assertThat(gate.underWay()).isBetween(0, places);
        }
        calls.forEach(Disposable::dispose);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(gate.underWay()).as("in flight").isZero();
        assertThat(partition.line().waiting()).as("waiting").isZero();
        assertThat(partition.declared().get(0).free(clock.now(TimeUnit.NANOSECONDS)))
                .as("units")
                .isEqualTo(permits);
    }

    /** As above, with answers that name the resource they count for, possibly a different one each time. */
    @Test
    void returnsEveryPermitWhateverPartitionServerNames() {
        for (long seed = 0; seed < 2_000; seed++) {
            try {
                returnsEveryPermitWhateverPartitionServerNames(new SplittableRandom(seed));
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void returnsEveryPermitWhateverPartitionServerNames(SplittableRandom random) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        QuotaModel model = QuotaModel.reported(HeaderFamily.xRateLimit())
                .withLimits(DeclaredLimit.perCredential("key", 20, Duration.ofSeconds(1)));
        Admission gate = new Admission(model, new GatePolicy(4, 50, false), clock, ORIGIN);
        RateLimitTracking tracking = new RateLimitTracking(model, gate);
        List<Runnable> running = new ArrayList<>();
        List<Disposable> calls = new ArrayList<>();
        Exchange server = call -> {
            Attempt attempt = (Attempt) call;
            Sinks.One<Reply> answer = Sinks.one();
            running.add(() -> {
                int status = random.nextInt(4) == 0 ? 429 : 200;
                attempt.answered(status);
                tracking.onHead(attempt, head(status, random));
                answer.tryEmitValue(Plans.reply(200, "ok"));
            });
            return answer.asMono().doOnSubscribe(s -> attempt.dispatched(true));
        };
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 ->
                    calls.add(gate.apply(
                                    Call.start(Plans.operation("GET " + random.nextInt(3)), clock)
                                            .attempt(1),
                                    server)
                            .subscribe(r -> {}, e -> {}));
                case 2 -> {
                    if (!running.isEmpty()) {
                        running.remove(random.nextInt(running.size())).run();
                    }
                }
                case 3 -> {
                    if (!calls.isEmpty()) {
                        calls.remove(random.nextInt(calls.size())).dispose();
                    }
                }
                default -> clock.advanceTimeBy(Duration.ofMillis(random.nextInt(900)));
            }
            assertThat(gate.underWay()).isBetween(0, 4);
        }
        calls.forEach(Disposable::dispose);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(gate.underWay()).as("in flight").isZero();
        for (String operation : List.of("GET 0", "GET 1", "GET 2")) {
            Partition partition = gate.of(Plans.operation(operation));
            assertThat(partition.isIdle()).as("idle: %s", partition).isTrue();
            assertThat(partition.line().waiting()).as("waiting").isZero();
            assertThat(partition.declared().get(0).free(clock.now(TimeUnit.NANOSECONDS)))
                    .as("units")
                    .isEqualTo(20);
        }
    }

    private static ResponseHead head(int status, SplittableRandom random) {
        List<String> headers = new ArrayList<>(List.of(
                "x-ratelimit-limit",
                "10",
                "x-ratelimit-remaining",
                Integer.toString(random.nextInt(10)),
                "x-ratelimit-reset",
                "1"));
        if (random.nextInt(3) > 0) {
            headers.addAll(List.of("x-ratelimit-resource", "r" + random.nextInt(3)));
        }
        return new ResponseHead(status, Headers.of(headers.toArray(new String[0])));
    }

    /** A call cancelled while its units move to another partition leaves them to the thread that moves them. */
    @Test
    void returnsPermitOfCallCancelledWhileMoving() throws Exception {
        QuotaModel model = QuotaModel.reported(HeaderFamily.xRateLimit());
        RateLimitTracking tracking;
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 2_000; round++) {
                Admission gate = new Admission(model, GatePolicy.standard(), time, ORIGIN);
                tracking = new RateLimitTracking(model, gate);
                Attempt attempt = call(Plans.within(Duration.ofMinutes(10)));
                Disposable call = gate.apply(attempt, next).subscribe();
                CyclicBarrier start = new CyclicBarrier(2);
                Future<?> cancelled = other.submit(() -> {
                    start.await();
                    call.dispose();
                    return null;
                });
                start.await();
                attempt.answered(200);
                tracking.onHead(
                        attempt,
                        new ResponseHead(
                                200,
                                Headers.of(
                                        "x-ratelimit-limit", "10",
                                        "x-ratelimit-remaining", "9",
                                        "x-ratelimit-reset", "60",
                                        "x-ratelimit-resource", "core")));
                cancelled.get(30, TimeUnit.SECONDS);

                assertThat(gate.underWay()).as("round %d", round).isZero();
                assertThat(gate.of(Plans.get()).isIdle()).as("round %d", round).isTrue();
            }
        } finally {
            other.shutdown();
        }
    }

    @Test
    void releasesReferencesOfCancelledWaiter() {
        Admission gate = gate(new GatePolicy(1, 10, false), limit(10));
        ask(gate, "running");
        Partition partition = gate.of(Plans.get());
        CoreSubscriber<Reply> caller = new BaseSubscriber<>() {};
        Waiter waiter = new Waiter(caller, partition, 1, call(Plans.get()), next);
        assertThat(partition.line().reserve(waiter)).isTrue();
        waiter.waits();
        assertThat(waiter.callIfHere()).isNotNull();

        waiter.cancel();

        assertThat(waiter.callIfHere()).as("neither the call nor its body").isNull();
        assertThat(waiter.actual).as("nor its subscriber").isNotSameAs(caller);
        assertThat(partition.line().waiting()).isZero();
    }

    /** Reactor's operators let fatal errors pass uncaught: the permit has to be returned all the same. */
    @Test
    void returnsPermitAfterFatalError() {
        Admission gate = gate(new GatePolicy(2, 10, false), limit(2));
        Partition partition = gate.of(Plans.get());
        Exchange broken = call -> {
            throw new NoClassDefFoundError("com/example/Gone");
        };
        ask(gate, "a");
        assertThatThrownBy(() -> gate.apply(call(Plans.get()), broken).subscribe())
                .isInstanceOf(NoClassDefFoundError.class);
        assertThat(gate.underWay()).isEqualTo(1);
        assertThat(partition.declared().get(0).free(0)).isEqualTo(1);

        ask(gate, "b");
        Disposable waiting = gate.apply(call(Plans.get()), broken).subscribe();
        answer(0);
        answer(1);
        assertThatThrownBy(() -> time.advanceTimeBy(WINDOW.multipliedBy(2))).isInstanceOf(NoClassDefFoundError.class);
        assertThat(gate.underWay()).isZero();
        assertThat(partition.line().waiting()).isZero();
        assertThat(waiting.isDisposed()).isFalse();
    }

    @Test
    void expiresWaitersOnClockBeforeZero() {
        Scheduler early = new BeforeZero(time);
        Admission gate = new Admission(QuotaModel.declared(limit(10)), new GatePolicy(1, 10, false), early, ORIGIN);
        Plan patient = Plans.within(Duration.ofMinutes(10));
        Plan hasty = Plans.within(Duration.ofSeconds(1));
        for (Plan plan : List.of(patient, patient, hasty)) {
            gate.apply(Call.start(plan, early).attempt(1), next).subscribe(r -> {}, results::add);
        }

        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(results).singleElement().isInstanceOf(ApiException.class);
    }

    /** A scheduler with negative times: the origin of {@link System#nanoTime} is unspecified. */
    private static final class BeforeZero extends ForwardingScheduler {
        BeforeZero(Scheduler scheduler) {
            super(scheduler);
        }

        @Override
        public long now(TimeUnit unit) {
            return super.now(unit) - unit.convert(Duration.ofDays(10_000));
        }
    }

    @Test
    void refusesInvalidDeclaredLimit() {
        assertThatThrownBy(() -> DeclaredLimit.perCredential("key", 0, WINDOW))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("limit key: 0 requests (expected: >= 1)");
        for (Duration per : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> DeclaredLimit.perAddress("key", 1, per))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("limit key: per " + per + " (expected: ");
        }
    }

    @Test
    void holdsHundredThousandWaitersCheaply() {
        Admission gate = gate(new GatePolicy(1, 200_000, false), limit(1_000_000));
        ask(gate, "running");
        Partition partition = gate.of(Plans.get());
        Plan plan = Plans.within(Duration.ofHours(1));
        int count = 100_000;
        Attempt[] attempts = new Attempt[count];
        for (int i = 0; i < count; i++) {
            attempts[i] = call(plan);
        }
        Disposable[] waiters = new Disposable[count];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
            waiters[i] = gate.apply(attempts[i], next).subscribe();
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / count;
        System.out.println("a waiter at the gate: " + bytes + " B, its caller's subscriber included");

        assertThat(partition.line().waiting()).isEqualTo(count);
        for (Disposable waiter : waiters) {
            waiter.dispose();
        }
        assertThat(partition.line().waiting()).isZero();
        assertThat(bytes - SUBSCRIBER_BYTES).isLessThanOrEqualTo(200);
    }

    @Test
    void refusesInvalidGatePolicy() {
        assertThatThrownBy(() -> new GatePolicy(0, 10, false)).hasMessageContaining("maxConcurrent 0");
        assertThatThrownBy(() -> new GatePolicy(1, -1, false)).hasMessageContaining("maxWaiting -1");
    }

    @Test
    void countsCancelledNestedCallsOnce() {
        Admission gate = gate(new GatePolicy(1, 10_000, false), limit(1));
        ask(gate, "running");
        answer(0);
        List<Disposable> waiters = new ArrayList<>();
        Plan plan = Plans.within(Duration.ofDays(1));
        for (int i = 0; i < 600; i++) {
            Call nested = Call.start(plan, time, Duration.ofDays(1).toNanos(), false, true);
            waiters.add(gate.apply(nested.attempt(1), next).subscribe());
            waiters.add(ask(gate, "plain", plan));
        }
        WaitingLine line = gate.of(Plans.get()).line();
        assertThat(line.waiting()).isEqualTo(1_200);

        waiters.forEach(Disposable::dispose);
        time.advanceTimeBy(WINDOW.multipliedBy(2));

        assertThat(line.waiting()).isZero();
        assertThat(line.gone()).as("cancelled calls still in a queue").isZero();
    }
}
