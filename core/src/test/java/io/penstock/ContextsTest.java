package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.penstock.call.ClientRuntime;
import io.penstock.http.Headers;
import io.penstock.logging.CallLog;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Stage;
import io.penstock.pipeline.Transport;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import io.penstock.spec.VendorSpec;
import io.penstock.timeout.AttemptTimeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * Calls that share timers, queues, a token and a wire. Each has its own trace, which Reactor copies to a ThreadLocal.
 * A single thread runs everything in an order chosen by a seed; {@code -Dpenstock.schedule=<seed>} repeats a run.
 */
class ContextsTest {

    private static final int SCHEDULES = Integer.getInteger("penstock.contexts", 10_000);
    private static final int TOO_MANY_STEPS = 20_000;
    private static final Pattern OWNER = Pattern.compile("caller-\\d");
    private static final LogByOwner LOG = new LogByOwner();

    @BeforeAll
    static void propagate() {
        Traces.propagate();
        LOG.start();
    }

    @AfterAll
    static void stop() {
        LOG.stop();
        Traces.stop();
    }

    /** Passes each entry of a call's log to the current run. */
    private static final class LogByOwner extends AppenderBase<ILoggingEvent> {
        private final Logger logger = (Logger) LoggerFactory.getLogger("io.penstock.call.contexts");
        private Traces traces = new Traces();

        @Override
        public void start() {
            setContext((LoggerContext) LoggerFactory.getILoggerFactory());
            super.start();
            logger.setAdditive(false);
            logger.setLevel(Level.DEBUG);
            logger.addAppender(this);
        }

        @Override
        public void stop() {
            logger.detachAppender(this);
            logger.setLevel(null);
            logger.setAdditive(true);
            super.stop();
        }

        @Override
        protected void append(ILoggingEvent entry) {
            Matcher owner = OWNER.matcher(entry.getFormattedMessage());
            if (owner.find()) {
                traces.see("log entry", owner.group());
            }
        }
    }

    /** One order of events. */
    private abstract static class Run {
        final Traces traces = new Traces();
        final SplittableRandom random;
        final SeededScheduler scheduler = new SeededScheduler();
        final Interleaving wire;
        private final double timers;
        private final boolean strangersThreads;
        private int running;

        Run(long seed) {
            this.random = new SplittableRandom(seed);
            this.wire = new Interleaving(random);
            this.timers = 0.05 + random.nextDouble() * 0.6;
            this.strangersThreads = random.nextBoolean();
        }

        /** Adds a call with the trace of its owner to the steps of this run. */
        void calls(String owner, Mono<?> call) {
            running++;
            Disposable[] subscription = new Disposable[1];
            wire.add(() -> subscription[0] = call.doOnNext(value -> traces.see("value", owner))
                    .doOnError(error -> traces.see("error", owner))
                    .doFinally(signal -> running--)
                    .contextWrite(Traces.of(owner))
                    .subscribe(value -> {}, error -> {}));
            if (random.nextInt(4) == 0) {
                wire.add(() -> {
                    if (subscription[0] != null) {
                        subscription[0].dispose();
                    }
                });
            }
        }

        /** Returns an operator that checks its trace before and after the inner exchange. */
        Operator watching(String where) {
            return Operator.of(where, (call, next) -> {
                String owner = owner(call.plan());
                if (owner == null) {
                    traces.seeNone(where + " of an exchange, which is everybody's");
                    return next.exchange(call);
                }
                traces.see(where + " composed", owner);
                return Mono.defer(() -> {
                            traces.see(where + " subscribed to", owner);
                            return next.exchange(call);
                        })
                        .doOnNext(reply -> traces.see(where + " reply", owner))
                        .doOnError(error -> traces.see(where + " error", owner))
                        .doOnCancel(() -> traces.see(where + " cancel", owner));
            });
        }

        static @Nullable String owner(Plan plan) {
            Matcher owner = OWNER.matcher(plan.target());
            return owner.find() ? owner.group() : null;
        }

        void run() {
            LOG.traces = traces;
            int steps = 0;
            while (wire.hasSteps() || running > 0) {
                assertThat(++steps).as("steps").isLessThan(TOO_MANY_STEPS);
                if (wire.hasSteps() && !wire.chance(timers)) {
                    scheduler.pass(random.nextInt(2_000_000));
                    // The code of the call that returns a connection may hand it over to the next.
                    Traces.enter(strangersThreads ? "stranger" : null);
                    wire.step();
                    assertThat(Traces.current())
                            .as("trace after a step")
                            .isEqualTo(strangersThreads ? "stranger" : null);
                    Traces.enter(null);
                } else {
                    scheduler.runNext();
                    assertThat(Traces.current()).as("trace after a task").isNull();
                }
            }
            assertThat(traces.strangers()).isEmpty();
        }
    }

    /** Several callers of one client with every stage. */
    private static final class Calls extends Run {
        Calls(long seed) {
            super(seed);
            ClientRuntime client = assemble();
            int count = 2 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                String owner = "caller-" + i;
                ApiRequest<JsonNode> request = random.nextBoolean()
                        ? ApiRequest.get(owner)
                        : ApiRequest.post(owner).idempotent();
                calls(owner, client.execute(request));
            }
            if (wire.chance(0.4)) {
                wire.add(wire::revokeToken);
            }
        }

        private ClientRuntime assemble() {
            return new SeededClient(random, wire, scheduler)
                    .build(
                            "caller-0",
                            1,
                            new CallLog("contexts"),
                            stages -> stages.with(Stage.DEADLINE, AttemptTimeout.ofTheCall(scheduler))
                                    .with(Stage.PER_CALL, watching("per call"))
                                    .with(Stage.PER_ATTEMPT, watching("per attempt")));
        }
    }

    /** Several callers that each poll an operation. */
    private static final class Polls extends Run {
        Polls(long seed) {
            super(seed);
            ApiClient client = ApiClient.builder(VendorSpec.generic("contexts", SeededClient.BASE))
                    .transport(wire)
                    .scheduler(scheduler)
                    .retry(SeededClient.POLICY)
                    .operator(Operator.Position.PER_ATTEMPT, Operator.of("credential", (call, next) -> {
                        call.header("authorization", "Bearer t0");
                        return next.exchange(call);
                    }))
                    .operator(Operator.Position.PER_ATTEMPT, watching("per attempt"))
                    .operator(Operator.Position.PER_CALL, watching("per call"))
                    .gate(GatePolicy.standard().withMaxConcurrent(1))
                    .build();
            int count = 2 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                String owner = "caller-" + i;
                int[] polls = {1 + random.nextInt(4)};
                Polling<JsonNode> polling = Polling.<JsonNode>of(ApiRequest.get(owner), answer -> {
                            traces.see("reading of a poll", owner);
                            return --polls[0] > 0
                                    ? PollStatus.of(PollState.RUNNING)
                                    : PollStatus.of(PollState.SUCCEEDED);
                        })
                        .every(Duration.ofMillis(1 + random.nextInt(20)))
                        .within(Duration.ofMillis(50 + random.nextInt(500)));
                calls(owner, client.poll(polling).result());
            }
        }
    }

    /** Explores all seeds, or only the requested one. */
    private static void explore(int schedules, LongConsumer schedule) {
        Long one = Long.getLong("penstock.schedule");
        long first = one != null ? one : Long.getLong("penstock.seed", 20_261_130L) * 1_000_003;
        for (long seed = first; seed < first + (one != null ? 1 : schedules); seed++) {
            try {
                schedule.accept(seed);
            } catch (Throwable e) {
                throw new AssertionError(
                        "schedule " + seed + " (again: -Dpenstock.schedule=" + seed + "): " + e.getMessage(), e);
            }
        }
    }

    @Test
    void runsEachCallInItsOwnContextInEveryOrder() {
        List<Integer> seen = new ArrayList<>();
        explore(SCHEDULES, seed -> {
            Run run = new Calls(seed);
            run.run();
            seen.add(run.traces.seen());
        });

        assertThat(seen).as("observations in each run").allMatch(times -> times > 0);
    }

    @Test
    void runsEachPollInItsOwnContextInEveryOrder() {
        List<Integer> seen = new ArrayList<>();
        explore(SCHEDULES / 20, seed -> {
            Run run = new Polls(seed);
            run.run();
            seen.add(run.traces.seen());
        });

        assertThat(seen).as("observations in each run").allMatch(times -> times > 0);
    }

    /** A clock that records the current trace at each reading. */
    private static final class WatchedClock extends ForwardingScheduler {
        private final SeededScheduler scheduler;
        private final Set<String> traces = new LinkedHashSet<>();

        WatchedClock(SeededScheduler scheduler) {
            super(scheduler);
            this.scheduler = scheduler;
        }

        @Override
        public long now(TimeUnit unit) {
            traces.add(String.valueOf(Traces.current()));
            return super.now(unit);
        }
    }

    private static ApiClientBuilder client(Transport wire, Scheduler scheduler) {
        return ApiClient.builder(VendorSpec.generic("contexts", SeededClient.BASE))
                .transport(wire)
                .scheduler(scheduler)
                .retry(SeededClient.POLICY);
    }

    @Test
    void endsIdleStreamInItsOwnContext() {
        Traces traces = new Traces();
        LOG.traces = traces;
        SeededScheduler scheduler = new SeededScheduler();
        ApiClient client = client(
                        new DrippingTransport(
                                Headers.of("content-type", "application/json"),
                                call -> Flux.concat(Flux.just("[{},"), Flux.never())),
                        scheduler)
                .idleTimeout(Duration.ofSeconds(1))
                .build();
        List<String> ended = new ArrayList<>();
        for (String owner : List.of("caller-0", "caller-1")) {
            client.stream(ApiRequest.get(owner).elements(JsonNode.class))
                    .doOnNext(element -> traces.see("element", owner))
                    .doOnError(error -> traces.see("error", owner))
                    .contextWrite(Traces.of(owner))
                    .subscribe(element -> {}, error -> ended.add(owner));
        }
        while (ended.size() < 2 && scheduler.runNext()) {
            assertThat(Traces.current()).isNull();
        }

        assertThat(ended).hasSize(2);
        assertThat(traces.seen())
                .as("an element, an error and a log entry of each")
                .isEqualTo(6);
        assertThat(traces.strangers()).isEmpty();
    }

    @Test
    void runsSharedTimersWithoutContext() {
        WatchedClock clock = new WatchedClock(new SeededScheduler());
        ApiClient client = client(new StubTransport(n -> new StubTransport.Answer(0, "", Headers.none())), clock)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .build();
        for (String owner : List.of("caller-0", "caller-1", "caller-2")) {
            client.execute(ApiRequest.get(owner)).contextWrite(Traces.of(owner)).subscribe();
        }
        clock.traces.clear();
        for (int task = 0; task < 200; task++) {
            assertThat(clock.scheduler.runNext()).isTrue();
        }

        assertThat(clock.traces).containsExactly("null");
    }
}
