package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.PentifyRules;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Polling over sockets that is broken at random points: by faults of the wire, by cancelling, by a client that is
 * closed, and by a process that ends and leaves nothing but the operation's id to the next one. The result is always
 * the one that an unbroken polling gets, and two polls of an operation are never sent closer together than the minimum
 * interval. Run again with {@code -Dpenstock.seed=<seed>}.
 */
@Tag("slow")
@ExtendWith(NoBufferLeaks.class)
class KillAndResumeTest {

    private static final Duration MIN = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WANTED_BREAKS = 120;
    private static final int[] PASSING = {500, 502, 503, 504};

    private static final JobShape SHAPE = JobShape.at(
            "/status", StateWords.succeeding("succeeded").failing("failed").cancelling("cancelled"));

    private static final int LANES = 4;
    private static final PentifyRules RULES = PentifyRules.documented().withRequestsPerMinutePerKey(1_000_000);

    private final PentifySimulator pentify = PentifySimulator.start(RULES);

    @AfterEach
    void stop() {
        pentify.close();
    }

    /** Causes of a break. The first three happen on the wire, and the polling itself continues. */
    private enum Break {
        RESET_BEFORE,
        RESET_AFTER,
        SERVER_ERROR,
        CANCELLED,
        CLIENT_CLOSED,
        PROCESS_GONE
    }

    private static final List<Break> BREAKS = List.of(Break.values());
    private static final Set<Break> OF_THE_WIRE = Set.of(Break.RESET_BEFORE, Break.RESET_AFTER, Break.SERVER_ERROR);

    private ApiClient newClient() {
        return newClient(pentify);
    }

    private static ApiClient newClient(PentifySimulator pentify) {
        return builder(pentify).build();
    }

    private static ApiClientBuilder builder(PentifySimulator pentify) {
        return ApiClient.builder(VendorSpec.generic("pentify", pentify.baseUri()))
                .secret(Secret.of(pentify.secret()));
    }

    private static Polling<JsonNode> polling(String id) {
        return Polling.of(ApiRequest.get("scans/{id}").path("id", id), SHAPE)
                .withPolicy(
                        PollPolicy.every(MIN).growing(1.2, MIN.multipliedBy(2)).withMaxFailures(50))
                .within(PATIENCE);
    }

    private static String start(ApiClient client) {
        JsonNode scan = client.value(ApiRequest.post("scans").body(Map.of("target", "a.example", "scan_type", "quick")))
                .block(PATIENCE);
        assertThat(scan).isNotNull();
        return scan.path("id").asString();
    }

    private static JsonNode withoutIdentity(JsonNode scan) {
        return ((ObjectNode) scan.deepCopy()).without(List.of("id", "created_at"));
    }

    @Test
    void reachesSameResultAndKeepsIntervalWhereverBroken() throws Exception {
        long seed = Long.getLong("penstock.seed", 20_261_125L);
        System.out.println("KillAndResumeTest: -Dpenstock.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Map<Break, Integer> breaks = new EnumMap<>(Break.class);
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<Map<Break, Integer>>> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                String name = "seed " + seed + ", lane " + i;
                SplittableRandom ofTheLane = random.split();
                lanes.add(threads.submit(() -> {
                    try (Lane lane = new Lane(name, ofTheLane)) {
                        return lane.run(WANTED_BREAKS / LANES);
                    }
                }));
            }
            for (Future<Map<Break, Integer>> lane : lanes) {
                lane.get(5, TimeUnit.MINUTES).forEach((kind, count) -> breaks.merge(kind, count, Integer::sum));
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("KillAndResumeTest: broken " + total(breaks) + " times: " + breaks);
        assertThat(total(breaks)).isGreaterThanOrEqualTo(WANTED_BREAKS);
        assertThat(breaks).as("every kind of break").hasSize(Break.values().length);
    }

    private static int total(Map<Break, Integer> breaks) {
        return breaks.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Real time that can be stopped until every watched operation has been polled often enough. */
    private static final class JobClock extends Clock {

        private BooleanSupplier mayGoOn = () -> true;
        private long stoppedAt = System.currentTimeMillis();
        private long lost;
        private boolean stopped;

        synchronized void stopUntil(BooleanSupplier condition) {
            stoppedAt = millis();
            mayGoOn = condition;
            stopped = true;
        }

        @Override
        public synchronized long millis() {
            if (stopped && mayGoOn.getAsBoolean()) {
                lost = System.currentTimeMillis() - stoppedAt;
                stopped = false;
            }
            return stopped ? stoppedAt : System.currentTimeMillis() - lost;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * A series of broken pollings against its own server; lanes run in parallel because most of the time is waiting.
     */
    private static final class Lane implements AutoCloseable {

        private static final int LEAST_POLLS = 3;

        private final String name;
        private final SplittableRandom random;
        private final JobClock clock = new JobClock();
        private final PentifySimulator pentify = PentifySimulator.start(RULES.withClock(clock));
        private final Map<Break, Integer> breaks = new EnumMap<>(Break.class);
        private final Map<String, List<Long>> sends = new ConcurrentHashMap<>();

        Lane(String name, SplittableRandom random) {
            this.name = name;
            this.random = random;
        }

        Map<Break, Integer> run(int wanted) throws InterruptedException {
            for (int round = 0; total(breaks) < wanted; round++) {
                assertThat(round).as("rounds").isLessThan(100);
                pentify.scansTake(JobCourse.starting("queued")
                        .then(MIN.multipliedBy(random.nextInt(3, 10)), "calibrating")
                        .then(
                                MIN.multipliedBy(random.nextInt(10, 25)),
                                random.nextInt(4) == 0 ? "failed" : "succeeded"));
                clock.stopUntil(() -> false);
                try (ApiClient untouched = client()) {
                    String id = start(untouched);
                    String twin = start(untouched);
                    clock.stopUntil(() -> isPolled(id) && isPolled(twin));
                    Mono<JsonNode> unbroken =
                            untouched.poll(polling(twin)).last().cache();
                    var running = unbroken.subscribe();
                    JsonNode result = broken(id);
                    JsonNode expected = unbroken.block(PATIENCE);
                    running.dispose();

                    intervalsAreKept(id);
                    intervalsAreKept(twin);
                    assertThat(withoutIdentity(result))
                            .as("%s, round %d", name, round)
                            .isEqualTo(withoutIdentity(expected));
                    assertThat(result)
                            .isEqualTo(untouched
                                    .value(ApiRequest.get("scans/{id}").path("id", id))
                                    .block(PATIENCE));
                }
            }
            return breaks;
        }

        private boolean isPolled(String id) {
            return pentify.requests().of("GET", "/v1/scans/" + id).size() >= LEAST_POLLS;
        }

        /** A client whose sends are timed: under load a request may reach the server long after it was sent. */
        private ApiClient client() {
            return builder(pentify)
                    .operator(Operator.Position.PER_ATTEMPT, Operator.of("times of sends", (call, next) -> {
                        sends.computeIfAbsent(call.plan().target(), target -> new CopyOnWriteArrayList<>())
                                .add(System.nanoTime());
                        return next.exchange(call);
                    }))
                    .build();
        }

        /** Polls an operation to its end despite every break. */
        private JsonNode broken(String id) {
            ApiClient client = client();
            var poll = client.poll(polling(id));
            try {
                for (; ; ) {
                    String path = "/v1/scans/" + id;
                    Break next = BREAKS.get(random.nextInt(BREAKS.size()));
                    Duration until = Duration.ofNanos(random.nextLong(MIN.toNanos() * 3));
                    switch (next) {
                        case RESET_BEFORE -> pentify.faults().on("GET", path, Fault.resetBeforeRequestActs());
                        case RESET_AFTER -> pentify.faults().on("GET", path, Fault.resetAfterEffect());
                        case SERVER_ERROR ->
                            pentify.faults().on("GET", path, Fault.status(PASSING[random.nextInt(PASSING.length)]));
                        default -> {}
                    }
                    Mono<JsonNode> result = poll.last();
                    boolean ofTheWire = OF_THE_WIRE.contains(next);
                    Duration patience = ofTheWire ? MIN.multipliedBy(6) : until;
                    try {
                        JsonNode answer = result.timeout(patience)
                                .onErrorMap(TimeoutException.class, e -> new Killed())
                                .block(PATIENCE);
                        countFault(next);
                        return answer;
                    } catch (Killed e) {
                        countFault(next);
                        breaks.merge(ofTheWire ? Break.CANCELLED : next, 1, Integer::sum);
                    }
                    if (next == Break.CLIENT_CLOSED || next == Break.PROCESS_GONE) {
                        client.close();
                        client = client();
                        poll = client.poll(polling(id).resumed());
                    }
                }
            } finally {
                client.close();
            }
        }

        /** A fault of the wire counts if a poll has met it. */
        private void countFault(Break kind) {
            if (OF_THE_WIRE.contains(kind) && pentify.faults().pending() == 0) {
                breaks.merge(kind, 1, Integer::sum);
            }
            pentify.faults().clear();
        }

        /** Checks the intervals between all polls of one operation, by any client. */
        private void intervalsAreKept(String id) {
            String path = "/v1/scans/" + id;
            List<Long> polls = sends.getOrDefault(path, List.of());
            assertThat(polls).as("polls of %s", path).hasSizeGreaterThanOrEqualTo(LEAST_POLLS);
            assertThat(pentify.requests().of("GET", path)).hasSizeLessThanOrEqualTo(polls.size());
            for (int i = 1; i < polls.size(); i++) {
                assertThat(Duration.ofNanos(polls.get(i) - polls.get(i - 1)))
                        .as("%s, poll %d of %d, %s", name, i + 1, polls.size(), path)
                        .isGreaterThanOrEqualTo(MIN);
            }
        }

        @Override
        public void close() {
            pentify.close();
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void awaitsAppearanceOfJobUpToItsLimit() {
        pentify.scansTake(JobCourse.starting("queued")
                .then(MIN.multipliedBy(6), "succeeded")
                .appearingAfter(MIN.multipliedBy(3)));
        try (ApiClient client = newClient()) {
            Polling<JsonNode> polling = polling(start(client)).absentFor(Duration.ofSeconds(20));

            assertThat(client.poll(polling)
                            .result()
                            .block(PATIENCE)
                            .path("status")
                            .asString())
                    .isEqualTo("succeeded");
            ApiException e = ClientOverSockets.failureOf(
                    client.poll(polling("scn_nobody").absentFor(MIN.multipliedBy(4)))
                            .result());

            assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
            assertThat(e).hasMessageContaining("still not there after 160 ms");
        }
    }

    @Test
    void endsUnknownStateAtTimeLimitAndReportsFailedJob() throws InterruptedException {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        CountDownLatch seen = new CountDownLatch(1);
        try (ApiClient client = newClient();
                ApiClient timed = builder(pentify).scheduler(clock).build()) {
            pentify.scansTake(JobCourse.starting("transcending"));
            var polled = timed.poll(polling(start(client)).within(MIN.multipliedBy(5)))
                    .doOnNext(state -> seen.countDown())
                    .last()
                    .toFuture();
            clock.advanceTimeBy(MIN);
            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        clock.advanceTimeBy(MIN); // its next wait may begin a moment after the observed state
                        return polled.isDone();
                    });
            ApiException endless = ClientOverSockets.failureOf(Mono.fromFuture(polled));
            pentify.scansTake(JobCourse.starting("running").then(MIN.multipliedBy(2), "failed"));
            ApiException failed = ClientOverSockets.failureOf(
                    client.poll(polling(start(client))).result());

            assertThatObject(endless.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
            assertThat(endless).hasMessageContaining("the last state seen is transcending");
            assertThat(endless.retryAt()).isNotNull();
            assertThatObject(failed.kind()).isEqualTo(ErrorKind.JOB_FAILED);
            assertThat(failed.certainty()).isEqualTo(Certainty.PROCESSED);
            assertThat(failed.journey().timeline()).contains("running → wait").contains("failed");
        }
    }

    @Test
    void obeysHintOnStatus202() {
        pentify.scansTake(JobCourse.starting("succeeded"));
        try (ApiClient client = newClient()) {
            String id = start(client);
            String path = "/v1/scans/" + id;
            pentify.faults()
                    .on(
                            "GET",
                            path,
                            Fault.status(
                                    202, Map.of("Retry-After", "1"), "application/json", "{\"status\":\"running\"}"));

            client.poll(polling(id)).result().block(PATIENCE);

            List<LoggedRequest> polls = pentify.requests().of("GET", path);
            assertThat(polls).hasSize(2);
            assertThat(Duration.between(polls.get(0).at(), polls.get(1).at()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }
}
