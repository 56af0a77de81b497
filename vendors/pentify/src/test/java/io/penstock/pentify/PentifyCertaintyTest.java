package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Secret;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanType;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.test.Await;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Proof by the server's own ledger that an effect happens at most once. */
class PentifyCertaintyTest extends PentifyTest {

    private static final NewScan ORDER = NewScan.of("example.com", ScanType.QUICK);

    @Test
    void actsOnceForKeyedPostDespiteUnavailableAndReset() {
        simulator.faults().next(Fault.status(503), Fault.resetAfterEffect());

        var response = pentify.client()
                .execute(ApiRequest.post("scans")
                        .body(ORDER)
                        .idempotencyKey(ORDER.key("nightly"))
                        .as(Scan.class))
                .block(PATIENCE);

        assertThat(response.status()).isIn(200, 201);
        assertThat(response.value().id())
                .isEqualTo(simulator.effects().all().get(0).id());
        assertThat(simulator.effects().count("POST /v1/scans")).isEqualTo(1);
        List<Journey.Attempt> attempts = response.journey().attempts();
        assertThat(attempts).hasSize(3);
        assertThat(attempts.get(0).failure().code()).isEqualTo("engine_unavailable");
        assertThatObject(attempts.get(1).failure().kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(attempts)
                .extracting(a -> a.failure() == null ? null : a.failure().certainty())
                .containsExactly(Certainty.MAYBE_PROCESSED, Certainty.MAYBE_PROCESSED, null);
        assertThat(response.journey().key()).isEqualTo(ORDER.key("nightly").value());
    }

    @Test
    void doesNotResendUnkeyedPostAfterReset() {
        simulator.faults().next(Fault.resetAfterEffect());

        ApiException failure = catchThrowableOfType(
                ApiException.class, () -> pentify.createScan(ORDER).block(PATIENCE));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(simulator.requests().count()).isEqualTo(1);
        assertThat(simulator.effects().count()).isEqualTo(1);
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(failure.journey().timeline()).contains("no idempotency key: sending it again could act twice");
    }

    @Test
    void doesNotResendUnkeyedPostAfterServerError() {
        simulator.faults().next(Fault.status(503), Fault.status(500));

        assertThat(catchThrowableOfType(
                                ApiException.class,
                                () -> pentify.createScan(ORDER).block(PATIENCE))
                        .certainty())
                .isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void resendsUnkeyedPostAfterRefusalWithHint() {
        simulator.faults().next(Fault.status(429));

        pentify.createScan(ORDER).block(PATIENCE);

        assertThat(simulator.requests().count()).isEqualTo(2);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    static Stream<Arguments> faultsAfterTheServerActed() {
        return Stream.of(
                Arguments.of(Fault.resetAfterEffect(), Certainty.MAYBE_PROCESSED),
                Arguments.of(Fault.closeAfterEffect(), Certainty.MAYBE_PROCESSED),
                Arguments.of(Fault.resetInsideBody(10), Certainty.PROCESSED),
                Arguments.of(Fault.truncateBody(10), Certainty.PROCESSED),
                Arguments.of(Fault.closeDelimitedBody(10), Certainty.PROCESSED));
    }

    @ParameterizedTest
    @MethodSource("faultsAfterTheServerActed")
    void reportsTrueCertaintyForBreakAfterOneEffect(Fault fault, Certainty certainty) {
        simulator.faults().next(fault);
        Mono<Scan> unkeyed = pentify.createScan(ORDER);

        ApiException failure = catchThrowableOfType(ApiException.class, () -> unkeyed.block(PATIENCE));

        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThat(simulator.effects().count()).isEqualTo(1);
        assertThat(simulator.requests().count()).isEqualTo(1);

        simulator.effects().clear();
        simulator.faults().next(fault);
        pentify.createScan(ORDER, ORDER.key("again")).block(PATIENCE);

        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    @Test
    void sendsSameKeyOnEachSubscriptionAndActsOnce() {
        Mono<Scan> order = pentify.createScan(ORDER, ORDER.key("nightly"));

        String first = order.block(PATIENCE).id();
        String second = order.block(PATIENCE).id();

        assertThat(second).isEqualTo(first);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    @Test
    void doesNotStartWaitBeyondDeadline() {
        Duration deadline = Duration.ofSeconds(15);
        simulator
                .faults()
                .next(Fault.status(
                        429,
                        Map.of("Retry-After", "25"),
                        "application/json",
                        "{\"error\":{\"code\":\"rate_limited\",\"message\":\"Slow down.\"}}"));

        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> pentify.client()
                        .execute(ApiRequest.get("usage").deadline(deadline))
                        .block(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAt()).isAfter(failure.journey().startedAt());
        assertThat(failure.journey().elapsed()).isLessThan(deadline);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void endsHangingAttemptAtDeadline() {
        simulator.faults().next(Fault.delay(Duration.ofHours(1)));
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Duration deadline = Duration.ofSeconds(10);
        try (Pentify timed = Pentify.over(Pentify.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .scheduler(time)
                .build())) {
            CompletableFuture<ApiResponse<JsonNode>> call = timed.client()
                    .execute(ApiRequest.post("scans").body(ORDER).deadline(deadline))
                    .toFuture();
            Await.until("the order arrives", () -> simulator.requests().count() == 1);

            time.advanceTimeBy(deadline.minusMillis(1));
            assertThat(call).as("just before its deadline").isNotDone();
            time.advanceTimeBy(Duration.ofMillis(1));

            ApiException failure = (ApiException) catchThrowableOfType(
                            ExecutionException.class, () -> call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .getCause();
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
            assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
            assertThat(failure.journey().elapsed()).isEqualTo(deadline);
        } finally {
            time.dispose();
        }
    }
}
