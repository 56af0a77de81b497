package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.CircuitState;
import io.penstock.circuit.CircuitState.Phase;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CircuitOfAClientTest {

    private static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/v1"));
    private static final RetryPolicy ONCE = RetryPolicy.standard().withMaxAttempts(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private int status = 500;
    private final StubTransport wire = new StubTransport(n -> Answer.of(status, "{}"));

    private ApiClientBuilder builder() {
        return ApiClient.builder(SPEC)
                .transport(wire)
                .scheduler(time)
                .retry(ONCE)
                .circuit(CircuitPolicy.standard().failFast());
    }

    private ApiException failure(ApiClient client) {
        List<Throwable> errors = new ArrayList<>();
        client.value(ApiRequest.get("usage")).subscribe(v -> {}, errors::add);
        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) errors.get(0);
    }

    @Test
    void stopsCallingFailedServerAndRecoversWithinOneSecond() {
        ApiClient client = builder().build();
        for (int i = 0; i < 20; i++) {
            assertThatObject(failure(client).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        }
        for (int i = 0; i < 1_000; i++) {
            assertThatObject(failure(client).kind()).isEqualTo(ErrorKind.CIRCUIT_OPEN);
        }
        assertThat(wire.sent).hasSize(20);

        for (Duration down = Duration.ZERO; down.toMinutes() < 1; down = down.plusMillis(10)) {
            failure(client);
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        assertThat(wire.sent.size() - 20).as("trials in a minute").isBetween(3 * 60, 3 * 100);

        status = 200;
        List<Object> answers = new ArrayList<>();
        for (Duration up = Duration.ZERO; up.toMillis() < 1_000; up = up.plusMillis(10)) {
            client.value(ApiRequest.get("usage")).subscribe(answers::add, e -> {});
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        assertThat(answers).isNotEmpty();
        assertThat(client.inspect().circuits())
                .singleElement()
                .matches(c -> c.phase() == Phase.CLOSED && c.nextTrialAt() == null && c.failed() == 0);
    }

    @Test
    void reportsNextTrialAndReasonOfRefusal() {
        ApiClient client = builder().build();
        ApiException opening = null;
        for (int i = 0; i < 20; i++) {
            opening = failure(client);
        }
        CircuitState state = client.inspect().circuits().get(0);
        assertThat(state.name()).isEqualTo("https://api.example.com");
        assertThat(state.phase()).isEqualTo(Phase.OPEN);
        assertThat(opening.journey().notes())
                .singleElement()
                .asString()
                .startsWith("circuit https://api.example.com opened: 20 of 20 calls failed; next trial in ");

        ApiException refused = failure(client);
        assertThat(refused.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(refused.status()).isZero();
        assertThat(refused.retryAt()).isEqualTo(state.nextTrialAt()).isAfter(Instant.ofEpochMilli(400));
        assertThat(refused).hasMessageStartingWith("circuit https://api.example.com is open: 20 of 20 calls failed;");
        assertThat(refused.journey().timeline()).contains("NOT_SENT → give up (the circuit is open)");
    }

    @Test
    void keepsServerErrorWhenRetryIsRefused() {
        ApiClient client = builder()
                .retry(RetryPolicy.standard().withBudgetShare(1))
                .circuit(CircuitPolicy.standard().withWindow(4, 4).withTrials(2).failFast())
                .build();
        List<ApiException> errors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            client.value(ApiRequest.get("usage")).subscribe(v -> {}, e -> errors.add((ApiException) e));
        }
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(errors).isNotEmpty().allSatisfy(e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
            assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
            assertThat(e.retryAt()).isNotNull();
            assertThat(e.journey().notes())
                    .last()
                    .asString()
                    .startsWith("not sent again: circuit https://api.example.com is o");
        });
    }

    @Test
    void countsRedirectInCircuitOfItsTarget() {
        StubTransport redirecting = new StubTransport(n -> n % 2 == 1
                ? new Answer(302, "", Headers.of("location", "https://files.example.com/a"))
                : Answer.of(500, "{}"));
        ApiClient client = ApiClient.builder(SPEC)
                .transport(redirecting)
                .scheduler(time)
                .retry(ONCE)
                .circuit(CircuitPolicy.standard().failFast())
                .build();
        Mono<?> download =
                client.execute(ApiRequest.get("report").as(Payload.none()).followRedirects(1));
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            download.subscribe(v -> {}, errors::add);
        }

        assertThat(errors).hasSize(21);
        assertThat(errors.get(20))
                .matches(ErrorKind.CIRCUIT_OPEN::matches)
                .hasMessageContaining("https://files.example.com");
        assertThat(client.inspect().circuits())
                .extracting(c -> c.name() + " " + c.phase())
                .containsExactly("https://api.example.com CLOSED", "https://files.example.com OPEN");
    }

    @Test
    void refusesNothingWhenCircuitIsOff() {
        ApiClient client = builder().circuit(CircuitPolicy.off()).build();
        for (int i = 0; i < 200; i++) {
            assertThatObject(failure(client).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        }

        assertThat(client.inspect().circuits()).isEmpty();
        assertThat(client.inspect().explain(ApiRequest.get("usage")).lines())
                .anyMatch(line -> line.matches(" *circuit breaker +–"))
                .anyMatch(line -> line.matches(" *circuit permit +–"));
    }

    @Test
    void explainsBothCircuitStages() {
        assertThat(builder().build().inspect().explain(ApiRequest.get("usage")).lines())
                .anyMatch(line -> line.matches(" *circuit breaker +per origin; opens when 50 %.*3 trials; fails fast"))
                .anyMatch(line -> line.matches(" *circuit permit +taken after all waits.*"));
    }

    @Test
    void prefersCircuitPolicyOfClientToVendors() {
        VendorSpec perOperation = SPEC.withCircuit(CircuitPolicy.standard().withScope(CircuitPolicy.Scope.OPERATION));

        assertThat(ApiClient.builder(perOperation)
                        .transport(wire)
                        .build()
                        .inspect()
                        .explain(ApiRequest.get("usage")))
                .contains("per operation; slows down");
        assertThat(ApiClient.builder(perOperation)
                        .circuit(CircuitPolicy.standard())
                        .transport(wire)
                        .build()
                        .inspect()
                        .explain(ApiRequest.get("usage")))
                .contains("per origin; slows down");
    }
}
