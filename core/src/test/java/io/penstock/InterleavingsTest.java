package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.penstock.call.ClientRuntime;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.logging.CallLog;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import tools.jackson.databind.JsonNode;

/**
 * Orders of events chosen by a seed: when a connection is made, when the server acts, answers or falls silent, when a
 * timer fires, a token is revoked or a caller cancels. A single thread runs everything, so each seed is one schedule;
 * {@code -Dpenstock.schedule=<seed>} repeats it. Races of two threads inside one step are not explored here.
 */
@Tag("slow")
class InterleavingsTest {

    private static final int SCHEDULES = Integer.getInteger("penstock.schedules", 100_000);
    private static final int TOO_MANY_STEPS = 20_000;
    private static final List<Order> ORDERS = List.of(Order.values());
    private static final CallLog LOG = silentLog();

    /** Silent, because hundreds of thousands of calls fail on purpose. */
    private static CallLog silentLog() {
        ((Logger) LoggerFactory.getLogger("io.penstock.call.interleavings")).setLevel(Level.OFF);
        return new CallLog("interleavings");
    }

    private enum Order {
        KEYED,
        UNKEYED,
        DELETE,
        GET;

        ApiRequest<JsonNode> request(int number) {
            return switch (this) {
                case KEYED -> ApiRequest.post("keyed" + number).idempotencyKey(IdempotencyKey.of("k" + number));
                case UNKEYED -> ApiRequest.post("orders" + number);
                case DELETE -> ApiRequest.delete("orders" + number);
                case GET -> ApiRequest.get("orders" + number);
            };
        }
    }

    /** One caller, with its signals and whether it has cancelled. */
    private static final class Caller extends BaseSubscriber<ApiResponse<JsonNode>> {
        final Order order;
        final ApiRequest<JsonNode> request;
        final boolean leavesOnValue;

        @Nullable
        ApiResponse<JsonNode> response;

        @Nullable
        ApiException error;

        boolean left;
        int signals;

        Caller(Order order, int number, boolean leavesOnValue) {
            this.order = order;
            this.request = order.request(number);
            this.leavesOnValue = leavesOnValue;
        }

        @Override
        protected void hookOnNext(ApiResponse<JsonNode> value) {
            assertThat(left).as("a value after the caller has left").isFalse();
            response = value;
            if (leavesOnValue) {
                cancel();
            }
        }

        @Override
        protected void hookOnComplete() {
            signals++;
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            signals++;
            error = (ApiException) throwable;
        }

        void leave() {
            left = response == null && error == null;
            cancel();
        }

        boolean over() {
            return left || response != null || error != null;
        }
    }

    /** One schedule of a client, a wire and several callers. */
    private static final class Schedule {
        private final SplittableRandom random;
        private final SeededScheduler scheduler = new SeededScheduler();
        private final Interleaving wire;
        private final List<Caller> callers = new ArrayList<>();
        private final ClientRuntime client;
        private final double timers;

        Schedule(long seed) {
            this.random = new SplittableRandom(seed);
            this.wire = new Interleaving(random);
            this.timers = 0.05 + random.nextDouble() * 0.6;
            this.client = new SeededClient(random, wire, scheduler)
                    .build("orders0", wire.chance(0.8) ? 1 : 0.2, LOG, stages -> {});
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                Order order = ORDERS.get(random.nextInt(ORDERS.size()));
                Caller caller = new Caller(order, i, random.nextInt(10) == 0);
                callers.add(caller);
                wire.add(() -> client.execute(caller.request).subscribe(caller));
                if (wire.chance(0.4)) {
                    wire.add(caller::leave);
                }
            }
            if (wire.chance(0.4)) {
                wire.add(wire::revokeToken);
            }
        }

        void run() {
            int steps = 0;
            while (wire.hasSteps() || callers.stream().anyMatch(caller -> !caller.over())) {
                if (++steps > TOO_MANY_STEPS) {
                    fail("it does not come to an end");
                }
                if (wire.hasSteps() && !wire.chance(timers)) {
                    scheduler.pass(random.nextInt(2_000_000));
                    wire.step();
                } else if (!scheduler.runNext() && !wire.hasSteps()) {
                    fail("nothing is left to happen, and somebody still waits");
                }
            }
        }

        void check() {
            for (Caller caller : callers) {
                checkOne(caller);
            }
            assertThat(wire.open).as("connections still in use").isZero();
        }

        private void checkOne(Caller caller) {
            String key =
                    caller.request.key() == null ? null : caller.request.key().value();
            int effects = wire.effectsOf(key, caller.request.toString());
            ApiException error = caller.error;
            if (caller.order == Order.KEYED || caller.order == Order.UNKEYED) {
                assertThat(effects).as("effects").isLessThanOrEqualTo(1);
            }
            if (caller.response != null) {
                if (caller.order == Order.DELETE && caller.response.status() == 404) {
                    assertThat(caller.response.journey().attempts())
                            .as("an answer was lost before there was nothing left to delete")
                            .anyMatch(a -> a.failure() != null
                                    && a.status() < 300
                                    && a.failure().certainty().mayHaveActed());
                } else {
                    assertThat(effects).as("effects of a success").isPositive();
                }
                assertThat(error).as("an error after a value").isNull();
            }
            assertThat(caller.signals).as("terminal signals").isLessThanOrEqualTo(1);
            if (error != null) {
                assertThat(truth(error.certainty(), effects))
                        .as(
                                "%s with %d effects: %s",
                                error.certainty(), effects, error.journey().timeline())
                        .isTrue();
            }
        }

        private static boolean truth(Certainty certainty, int effects) {
            return switch (certainty) {
                case NOT_SENT, REJECTED -> effects == 0;
                case PROCESSED -> effects > 0;
                case MAYBE_PROCESSED -> true;
            };
        }
    }

    private static void explore(long seed) {
        Schedule schedule = new Schedule(seed);
        try {
            schedule.run();
            schedule.check();
        } catch (Throwable e) {
            throw new AssertionError(
                    "schedule " + seed + " (again: -Dpenstock.schedule=" + seed + "): " + e.getMessage() + "\n"
                            + String.join("\n", schedule.wire.trace),
                    e);
        }
    }

    @Test
    void actsAtMostOnceAndReportsTrueCertaintyInEveryOrder() {
        Long one = Long.getLong("penstock.schedule");
        if (one != null) {
            explore(one);
            return;
        }
        long first = Long.getLong("penstock.seed", 20_261_120L) * 1_000_003;
        for (int i = 0; i < SCHEDULES; i++) {
            explore(first + i);
        }
    }

    @Test
    void repeatsScheduleOfSeed() {
        for (long seed = 0; seed < 200; seed++) {
            Schedule once = new Schedule(seed);
            once.run();
            Schedule again = new Schedule(seed);
            again.run();

            assertThat(again.wire.trace).isEqualTo(once.wire.trace);
        }
    }
}
