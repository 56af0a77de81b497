package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** Probes, which find out whether a call with an unknown outcome has acted. */
class ReconciliationTest {

    private static final Probe<JsonNode> BY_NAME = Probe.of(
            ApiRequest.get("scans").query("name", "nightly"),
            answer ->
                    answer.path("items").isEmpty() ? null : answer.path("items").get(0));
    private static final ApiRequest<JsonNode> ORDER =
            ApiRequest.post("scans").body("{}").reconciledBy(BY_NAME);
    private static final String NOTHING = "{\"items\":[]}";
    private static final String ONE = "{\"items\":[{\"id\":7}]}";

    private final Lab lab = new Lab();
    private final List<String> sent = new ArrayList<>();

    /** Answers every POST by the first function and every GET by the second, each given the number of the request. */
    private ApiClient client(Function<Integer, Answer> posts, Function<Integer, Answer> gets) {
        StubTransport[] wire = new StubTransport[1];
        wire[0] = new StubTransport(n -> {
            boolean post = wire[0].sent.get(n - 1).line().startsWith("POST");
            sent.add(post ? "POST" : "GET");
            int times = (int)
                    sent.stream().filter(post ? "POST"::equals : "GET"::equals).count();
            return (post ? posts : gets).apply(times);
        });
        return lab.client(wire[0]).build();
    }

    private static Function<Integer, Answer> always(int status, String body) {
        return n -> Answer.of(status, body);
    }

    @Test
    void returnsFoundObjectAsResult() {
        ApiResponse<JsonNode> response =
                lab.value(client(always(500, ""), always(200, ONE)).execute(ORDER));

        assertThat(response.value()).hasToString("{\"id\":7}");
        assertThat(sent).containsExactly("POST", "GET");
        assertThat(response.journey().attempts()).hasSize(2);
        assertThat(response.journey().attempts().get(0).decision()).isEqualTo("look whether it was done");
        assertThat(response.journey().notes()).containsExactly("attempt 1 had been acted on: found with GET scans");
    }

    @Test
    void recoversSuccessWithUnreadableAnswer() {
        ApiResponse<JsonNode> response =
                lab.value(client(always(201, "{broken"), always(200, ONE)).execute(ORDER));

        assertThat(response.value()).hasToString("{\"id\":7}");
    }

    @Test
    void reportsMaybeProcessedWhenNothingIsFound() {
        ApiException e =
                lab.failure(client(always(500, ""), always(200, NOTHING)).value(ORDER));

        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e).hasMessage("500 SERVER_ERROR without a body");
        assertThat(sent).containsExactly("POST", "GET");
        assertThat(e.journey().notes()).containsExactly("not found with GET scans, which may be too early to tell");
    }

    private static final ApiRequest<JsonNode> SETTLING =
            ORDER.reconciledBy(BY_NAME.trustingAbsenceAfter(Duration.ofMillis(2500)));

    @Test
    void sendsAgainAfterLastingAbsence() {
        ApiClient client = client(n -> Answer.of(n == 1 ? 500 : 201, "{\"id\":8}"), always(200, NOTHING));

        ApiResponse<JsonNode> response = lab.value(client.execute(SETTLING));

        assertThat(response.value()).hasToString("{\"id\":8}");
        assertThat(sent).containsExactly("POST", "GET", "GET", "GET", "GET", "POST");
        assertThat(response.journey().elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void returnsObjectThatAppearsWhileSettling() {
        ApiClient client = client(always(500, ""), n -> Answer.of(200, n < 3 ? NOTHING : ONE));

        assertThat(lab.value(client.value(SETTLING))).hasToString("{\"id\":7}");
        assertThat(sent).containsExactly("POST", "GET", "GET", "GET");
    }

    @Test
    void reportsRejectedAfterLastingAbsence() {
        ApiClient client = lab.client(new StubTransport(n -> {
                    sent.add("x");
                    return Answer.of(n % 2 == 1 ? 500 : 200, NOTHING);
                }))
                .retry(Lab.STEADY.withMaxAttempts(2))
                .build();
        ApiRequest<JsonNode> quick = ORDER.reconciledBy(BY_NAME.trustingAbsenceAfter(Duration.ofNanos(1)));

        ApiException e = lab.failure(client.value(quick));

        assertThat(e.certainty()).isEqualTo(Certainty.REJECTED);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.safeToRepeat()).isTrue();
    }

    @Test
    void keepsServerErrorWhenProbeFails() {
        ApiException e = lab.failure(client(always(500, ""), always(403, "")).value(ORDER));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.journey().notes()).containsExactly("looking with GET scans failed: 403 PERMISSION without a body");
    }

    @Test
    void doesNotTakeNotModifiedForAbsence() {
        Probe<JsonNode> conditional = Probe.of(
                        ApiRequest.get("scans").header("if-none-match", "\"v1\""),
                        answer -> answer.path("items").path(0))
                .trustingAbsenceAfter(Duration.ofNanos(1));

        ApiException e = lab.failure(client(always(500, ""), always(304, "")).value(ORDER.reconciledBy(conditional)));

        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(sent).containsExactly("POST", "GET");
        assertThat(e.journey().notes())
                .containsExactly(
                        "looking with GET scans failed: 304 says nothing of what is there (expected: a lookup without a condition)");
    }

    @Test
    void keepsServerErrorWhenReaderThrows() {
        Probe<JsonNode> broken = Probe.of(ApiRequest.get("scans"), answer -> {
            throw new IllegalStateException("reader");
        });

        ApiException e = lab.failure(client(always(500, ""), always(200, ONE)).value(ORDER.reconciledBy(broken)));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.journey().notes()).containsExactly("looking with GET scans failed: reader");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void doesNotProbeAfterRefusal(int status) {
        lab.failure(client(always(status, ""), always(200, ONE)).value(ORDER));

        assertThat(sent).containsExactly("POST");
    }

    @Test
    void doesNotProbeAfterDeadline() {
        ApiException e =
                lab.failure(client(always(0, ""), always(200, ONE)).value(ORDER.deadline(Duration.ofSeconds(1))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(sent).containsExactly("POST");
    }

    @Test
    void skipsSettlingTimeBeyondDeadline() {
        ApiException e = lab.failure(
                client(always(500, ""), always(200, NOTHING)).value(SETTLING.deadline(Duration.ofSeconds(2))));

        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.journey().elapsed()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void stopsProbingOnCancel() {
        ApiClient client = client(always(500, ""), always(200, NOTHING));
        Disposable call = client.value(SETTLING).subscribe(v -> {}, e -> {});
        lab.time.advanceTimeBy(Duration.ofMillis(1));

        call.dispose();
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(sent).containsExactly("POST", "GET");
    }

    @Test
    void refusesUnsafeProbeAndZeroSettlingTime() {
        assertThatThrownBy(() -> Probe.of(ApiRequest.post("scans"), answer -> answer))
                .hasMessageContaining("probe: POST scans (expected: a request that changes nothing");
        assertThatThrownBy(() -> BY_NAME.trustingAbsenceAfter(Duration.ZERO))
                .hasMessageContaining("settling time: PT0S (expected: more than zero)");
    }

    @Test
    void measuresAbsenceFromSendOfProbe() {
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 500 : n == 4 ? 201 : 200, NOTHING));
        ApiClient slow = lab.client(wire)
                .operator(
                        Operator.Position.PER_ATTEMPT,
                        Operator.of(
                                "slow answers",
                                (call, next) -> next.exchange(call).delayElement(Duration.ofSeconds(3), lab.time)))
                .build();

        lab.value(slow.value(SETTLING));

        assertThat(wire.sent)
                .extracting(sent -> sent.line().replaceFirst(" .*", ""))
                .as("the look that counts began after the settling time")
                .containsExactly("POST", "GET", "GET", "POST");
    }
}
