package io.penstock.test;

import static io.penstock.test.ScriptedTransport.answer;
import static io.penstock.test.ScriptedTransport.lost;
import static io.penstock.test.ScriptedTransport.refused;
import static io.penstock.test.ScriptedTransport.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The whole pipeline in virtual time, which checks minutes of waiting to the millisecond. */
class ScriptedTransportTest {

    private static final RetryPolicy EXACT =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0));

    /** Made inside the supplier of a verifier, so that the scheduler is the virtual one. */
    private static ApiClient client(ScriptedTransport wire) {
        return ApiClient.builder(VendorSpec.generic("api", URI.create("https://api.example.com/v1"))
                        .withKeyPlacement(KeyPlacement.header("idempotency-key")))
                .transport(wire)
                .scheduler(VirtualTimeScheduler.get())
                .retry(EXACT)
                .build();
    }

    @Test
    void doublesBackoffUntilServerIsBack() {
        ScriptedTransport wire =
                ScriptedTransport.of(answer(503, "{}"), answer(500, "{}"), lost(), answer(200, "{\"ok\":true}"));

        StepVerifier.withVirtualTime(() -> client(wire).value(ApiRequest.get("things")))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(6999))
                .thenAwait(Duration.ofMillis(1))
                .assertNext(tree -> assertThat(tree.path("ok").asBoolean()).isTrue())
                .verifyComplete();

        assertThat(wire.attempts()).hasSize(4);
    }

    @Test
    void obeysServerHintLongerThanBackoff() {
        ScriptedTransport wire =
                ScriptedTransport.of(answer(429, Headers.of("retry-after", "12"), "{}"), answer(200, "{}"));

        StepVerifier.withVirtualTime(() -> client(wire).value(ApiRequest.get("things")))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(11_999))
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void retriesKeyedPostWithItsKeyButNotUnkeyedOne() {
        ScriptedTransport keyed = ScriptedTransport.of(lost(), answer(201, "{}"));
        StepVerifier.withVirtualTime(() -> client(keyed)
                        .value(ApiRequest.post("things").body(Map.of("a", 1)).idempotencyKey(IdempotencyKey.of("k-1"))))
                .thenAwait(Duration.ofSeconds(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(keyed.attempts())
                .hasSize(2)
                .allSatisfy(attempt -> assertThat(attempt.plan().headers()).containsSequence("idempotency-key", "k-1"));

        ScriptedTransport unkeyed = ScriptedTransport.of(lost(), answer(201, "{}"));
        StepVerifier.withVirtualTime(
                        () -> client(unkeyed).value(ApiRequest.post("things").body(Map.of("a", 1))))
                .verifyErrorSatisfies(
                        e -> assertThat(((ApiException) e).certainty()).isEqualTo(Certainty.MAYBE_PROCESSED));
        assertThat(unkeyed.attempts()).hasSize(1);
    }

    @Test
    void retriesUnkeyedPostWhileNothingWasSent() {
        ScriptedTransport wire = ScriptedTransport.of(refused(), refused(), answer(201, "{}"));

        StepVerifier.withVirtualTime(() -> client(wire).value(ApiRequest.post("things")))
                .thenAwait(Duration.ofSeconds(3))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void endsHangingAttemptAndRetries() {
        ScriptedTransport wire = ScriptedTransport.of(silence(), answer(200, "{}"));

        StepVerifier.withVirtualTime(() -> client(wire).execute(ApiRequest.get("things")))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(30))
                .thenAwait(Duration.ofMillis(1100))
                .assertNext(response -> {
                    assertThat(response.journey().attempts()).hasSize(2);
                    assertThatObject(response.journey()
                                    .attempts()
                                    .get(0)
                                    .failure()
                                    .kind())
                            .isEqualTo(ErrorKind.TIMEOUT);
                })
                .verifyComplete();
        assertThat(wire.cancels()).isEqualTo(1);
    }

    @Test
    void endsCallAtDeadline() {
        ScriptedTransport wire = ScriptedTransport.of(silence(), silence(), silence());

        StepVerifier.withVirtualTime(
                        () -> client(wire).value(ApiRequest.get("things").deadline(Duration.ofSeconds(40))))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(40).minusMillis(1))
                .thenAwait(Duration.ofMillis(20))
                .verifyErrorSatisfies(e -> {
                    ApiException failure = (ApiException) e;
                    assertThatObject(failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
                    assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
                    assertThat(failure.journey().attempts()).hasSize(2);
                });
    }

    @Test
    void sendsNothingAfterCancelDuringBackoff() {
        ScriptedTransport wire = ScriptedTransport.of(answer(503, "{}"), answer(200, "{}"));

        StepVerifier.withVirtualTime(() -> client(wire).value(ApiRequest.get("things")))
                .thenAwait(Duration.ofMillis(500))
                .thenCancel()
                .verify();
        VirtualTimeScheduler.reset();

        assertThat(wire.attempts()).hasSize(1);
        assertThat(wire.remaining()).isEqualTo(1);
    }

    @Test
    void startsOwnAttemptsWithSamePlanPerSubscription() {
        ScriptedTransport wire = ScriptedTransport.of(
                answer(503, "{}"), answer(503, "{}"), answer(200, "{}"), answer(503, "{}"), answer(200, "{}"));

        StepVerifier.withVirtualTime(() -> {
                    var call = client(wire).execute(ApiRequest.post("things").idempotencyKey(IdempotencyKey.of("k")));
                    return call.flatMap(first ->
                            call.map(second -> first.journey().attempts().size() + "+"
                                    + second.journey().attempts().size()));
                })
                .thenAwait(Duration.ofMinutes(1))
                .expectNext("3+2")
                .verifyComplete();
        assertThat(wire.attempts().stream().map(a -> a.plan()).distinct()).hasSize(1);
    }

    @Test
    void failsCallBeyondTheScript() {
        Mono<?> call = ApiClient.builder(VendorSpec.generic("api", URI.create("https://api.example.com")))
                .transport(ScriptedTransport.of())
                .build()
                .value(ApiRequest.get("things"));

        StepVerifier.create(call)
                .verifyErrorSatisfies(e -> assertThat(e).hasCauseInstanceOf(IllegalStateException.class));
    }
}
