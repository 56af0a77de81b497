package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Settings of one request in place of its client's. */
class RequestSettingsTest {

    private static final ApiRequest<JsonNode> GET = ApiRequest.get("a");

    private final Lab lab = new Lab();

    private ApiClient client(StubTransport wire) {
        return lab.client(wire).circuit(CircuitPolicy.off()).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void makesAttemptsOfRequest(int attempts) {
        StubTransport wire = StubTransport.always(503, "{}");

        ApiException failed = lab.failure(client(wire).value(GET.maxAttempts(attempts)));

        assertThat(wire.sent).hasSize(attempts);
        assertThat(failed.journey().attempts()).hasSize(attempts);
    }

    @Test
    void leavesAttemptsOfOtherRequestsAlone() {
        StubTransport wire = StubTransport.always(503, "{}");
        ApiClient client = client(wire);

        lab.failure(client.value(GET.maxAttempts(1)));
        lab.failure(client.value(GET));

        assertThat(wire.sent).hasSize(1 + 5);
    }

    @Test
    void endsAttemptAtTimeoutOfRequest() {
        StubTransport wire = StubTransport.always(0, "");

        ApiException failed = lab.failure(client(wire).value(GET.maxAttempts(1).attemptTimeout(Duration.ofSeconds(3))));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(failed.phase()).isEqualTo(Phase.ATTEMPT);
        assertThat(failed).hasMessageContaining("attempt timeout of 3000 ms");
        assertThat(failed.journey().elapsed()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_050));
    }

    @Test
    void allowsLongerAttemptThanClient() {
        StubTransport wire = StubTransport.always(200, "{}").taking(Duration.ofSeconds(50));

        lab.value(client(wire).value(GET.attemptTimeout(Duration.ofSeconds(55))));

        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void limitsBodyOfRequest() {
        String body = "\"" + "x".repeat(2_000) + "\"";
        List<Integer> limits = new ArrayList<>();
        StubTransport wire = StubTransport.always(200, body);
        ApiClient client = lab.client(wire)
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("look", (call, next) -> {
                    limits.add(call.plan().settings().maxResponseBytes(0));
                    return next.exchange(call);
                }))
                .build();

        lab.value(client.value(GET.maxResponseBytes(1_500)));

        assertThat(limits).containsExactly(1_500);
    }

    @Test
    void readsLongerTextThanClientAllows() {
        String text = "x".repeat(5_000);
        StubTransport wire = StubTransport.always(200, "\"" + text + "\"");
        ApiClient client = lab.client(wire).maxResponseBytes(2_048).build();

        assertThat(lab.value(client.value(GET.as(Payload.json(String.class)).maxResponseBytes(6_000))))
                .isEqualTo(text);
    }

    @Test
    void failsAtOnceWithoutPatienceForQuota() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client =
                lab.client(Lab.limited(1, Duration.ofSeconds(30)), wire).build();
        List<Throwable> errors = new ArrayList<>();

        client.value(GET).subscribe();
        client.value(GET.patience(Duration.ZERO)).subscribe(v -> {}, errors::add);

        assertThat(errors).singleElement().isInstanceOfSatisfying(ApiException.class, failed -> {
            assertThatObject(failed.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
            assertThat(failed.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(failed).hasMessageContaining("within the request's patience of 0 ms");
            assertThat(failed.retryAt()).isNotNull();
        });
    }

    @Test
    void waitsForQuotaWithinPatience() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client =
                lab.client(Lab.limited(1, Duration.ofSeconds(30)), wire).build();
        List<Throwable> errors = new ArrayList<>();

        client.value(GET).subscribe();
        client.value(GET.patience(Duration.ofSeconds(10))).subscribe(v -> {}, errors::add);
        client.value(GET.patience(Duration.ofSeconds(40))).subscribe();
        lab.time.advanceTimeBy(Duration.ofSeconds(35));

        assertThat(wire.sent).hasSize(2);
        assertThat(errors).singleElement().asString().contains("which is more than the request's patience of 10000 ms");
    }

    @Test
    void leavesLineWhenPatienceIsOver() {
        StubTransport wire = StubTransport.always(0, "");
        ApiClient client = lab.client(wire)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .build();
        List<Throwable> errors = new ArrayList<>();

        client.value(GET).subscribe(v -> {}, e -> {});
        client.value(GET.patience(Duration.ofSeconds(2))).subscribe(v -> {}, errors::add);
        lab.time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(errors).isEmpty();
        lab.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(errors).singleElement().asString().contains("within the request's patience of 2000 ms");
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void failsWithLastErrorWithoutPatienceForBudget() {
        StubTransport wire = StubTransport.always(503, "{}");
        ApiClient client = lab.client(wire)
                .circuit(CircuitPolicy.off())
                .retry(Lab.STEADY.withBudgetShare(0).withMaxAttempts(100))
                .build();

        ApiException failed =
                lab.failure(client.value(GET.patience(Duration.ZERO).deadline(Duration.ofMinutes(5))));

        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.journey().timeline()).contains("retry budget used up");
    }

    @Test
    void explainsSettings() {
        ApiRequest<JsonNode> request = GET.maxAttempts(2)
                .attemptTimeout(Duration.ofSeconds(3))
                .maxResponseBytes(4_096)
                .patience(Duration.ZERO)
                .credential(Secret.of("own-key"));

        assertThat(client(StubTransport.always(200, "{}")).inspect().explain(request))
                .contains("at most 2 attempts, attempt timeout 3000 ms, body up to 4096 bytes, patience 0 ms, with a"
                        + " credential of its own")
                .doesNotContain("own-key");
    }

    @Test
    void rejectsBadValues() {
        assertThatThrownBy(() -> GET.maxAttempts(0))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("maxAttempts: 0 (expected: 1 to 100)");
        assertThatThrownBy(() -> GET.maxAttempts(101)).hasMessageContaining("maxAttempts: 101 (expected: 1 to 100)");
        assertThatThrownBy(() -> GET.attemptTimeout(Duration.ZERO))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("attemptTimeout: PT0S (expected: more than zero)");
        assertThatThrownBy(() -> GET.maxResponseBytes(1023))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("maxResponseBytes: 1023 (expected: >= 1024)");
        assertThatThrownBy(() -> GET.patience(Duration.ofSeconds(-1)))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("patience: PT-1S (expected: zero or more)");
        assertThatThrownBy(() -> GET.patience(ApiRequest.LONGEST.plusDays(1)))
                .hasMessageContaining("(expected: zero, at most");
    }

    @Test
    void rejectsPartsLongerThanDeadline() {
        ApiClient client = client(StubTransport.always(200, "{}"));
        ApiRequest<JsonNode> brief = GET.deadline(Duration.ofSeconds(5));

        assertThat(lab.failure(client.value(brief.attemptTimeout(Duration.ofSeconds(6)))))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("attemptTimeout: PT6S, longer than the request's deadline of PT5S");
        assertThat(lab.failure(client.value(brief.patience(Duration.ofSeconds(6)))))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("patience: PT6S, longer than the request's deadline of PT5S");
    }
}
