package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Operator.Position;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Probe;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The known effect of a call: every send widens it, and only an answer or a probe narrows it. */
class EffectOfCallTest {

    private static final String NOTHING = "{\"items\":[]}";
    private static final ApiRequest<JsonNode> ORDER = ApiRequest.post("orders").body(Map.of("name", "x"));

    /** An order that is sent again once a probe has found nothing. */
    private static final ApiRequest<JsonNode> PROBED = ORDER.reconciledBy(Probe.<JsonNode, JsonNode>of(
                    ApiRequest.get("orders"), list -> list.path("items").get(0))
            .trustingAbsenceAfter(Duration.ofNanos(1)));

    private final Lab lab = new Lab();

    /** Answers the POSTs with these statuses, where 0 is no answer, and the probe with an empty list. */
    private StubTransport wire(int... statuses) {
        StubTransport[] wire = new StubTransport[1];
        AtomicInteger posts = new AtomicInteger();
        wire[0] = new StubTransport(n -> {
            boolean get = wire[0].sent.get(n - 1).line().startsWith("GET");
            return get ? Answer.of(200, NOTHING) : Answer.of(statuses[posts.getAndIncrement()], "{\"id\":1}");
        });
        return wire[0];
    }

    private static Operator throwing(RuntimeException error) {
        return Operator.of(
                "throws",
                (call, next) -> next.exchange(call).map(reply -> {
                    throw error;
                }));
    }

    private static Operator onlyForPosts(Operator operator) {
        return Operator.of(
                operator.describe(),
                (call, next) -> call.plan().method() == Method.POST ? operator.apply(call, next) : next.exchange(call));
    }

    private static RuntimeException claiming(Certainty certainty) {
        return new ApiException(Failure.of(ErrorKind.SERVER_ERROR, certainty, Retryability.TRANSIENT, "claimed"));
    }

    @Test
    void keepsProcessedWhenPerCallOperatorThrowsAfterProbedAttempt() {
        StubTransport wire = wire(500, 201);
        ApiClient client = lab.client(wire)
                .operator(Position.PER_CALL, onlyForPosts(throwing(new IllegalStateException("bug"))))
                .build();

        ApiException e = lab.failure(client.value(PROBED));

        assertThat(wire.sent.stream().filter(s -> s.line().startsWith("POST"))).hasSize(2);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e.safeToRepeat()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void keepsProcessedWhenOperatorOutlastsDeadlineAfterProbedAttempt(Position position) {
        Operator endless =
                Operator.of("never ends", (call, next) -> next.exchange(call).flatMap(r -> Mono.never()));
        StubTransport wire = wire(500, 201);
        ApiClient client =
                lab.client(wire).operator(position, onlyForPosts(endless)).build();

        ApiException e = lab.failure(client.value(PROBED));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e.safeToRepeat()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PER_CALL,    NOT_SENT",
        "PER_CALL,    REJECTED",
        "PER_ATTEMPT, NOT_SENT",
        "PER_ATTEMPT, REJECTED",
    })
    void ignoresOperatorThatClaimsLessThanTheAnswer(Position position, Certainty claim) {
        StubTransport wire = wire(201, 201);
        ApiClient client =
                lab.client(wire).operator(position, throwing(claiming(claim))).build();

        ApiException e = lab.failure(client.value(ORDER));

        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e.safeToRepeat()).isFalse();
        assertThat(wire.sent).as("sent once").hasSize(1);
    }

    @Test
    void remembersFirstOfTwoSendsOfOneAttempt() {
        StubTransport wire = wire(201, 422);
        Operator twice =
                Operator.of("twice", (call, next) -> next.exchange(call).flatMap(r -> next.exchange(call)));
        ApiClient client =
                lab.client(wire).operator(Position.PER_ATTEMPT, twice).build();

        ApiException e = lab.failure(client.value(ORDER));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.VALIDATION);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
    }

    @Test
    void staysRejectedWhenPerCallOperatorThrowsOnRefusal() {
        Operator translating = Operator.of(
                "translates",
                (call, next) -> next.exchange(call).onErrorMap(e -> new IllegalStateException("translated", e)));
        ApiClient client =
                lab.client(wire(422)).operator(Position.PER_CALL, translating).build();

        assertThat(lab.failure(client.value(ORDER)).certainty()).isEqualTo(Certainty.REJECTED);
    }

    private static final VendorSpec FORGETFUL =
            Lab.SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key").expiringAfter(Duration.ofSeconds(60)));

    private static ApiRequest<JsonNode> keyed() {
        return ORDER.idempotencyKey(IdempotencyKey.of("k")).deadline(Duration.ofMinutes(9));
    }

    /** A client whose operator waits for five minutes before each attempt but the first ones. */
    private ApiClient waitingFromAttempt(int first, StubTransport wire) {
        AtomicInteger times = new AtomicInteger();
        Operator waits = Operator.of(
                "waits",
                (call, next) -> times.getAndIncrement() < first
                        ? next.exchange(call)
                        : Mono.delay(Duration.ofMinutes(5), lab.time).then(Mono.defer(() -> next.exchange(call))));
        return lab.client(FORGETFUL, wire).operator(Position.PER_ATTEMPT, waits).build();
    }

    @Test
    void sendsNoExpiredKeyAgainAfterWaitOfOperator() {
        StubTransport wire = wire(500, 201);
        ApiClient client = waitingFromAttempt(1, wire);

        ApiException e = lab.failure(client.value(keyed()));

        assertThat(wire.sent).hasSize(1);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.safeToRepeat()).as("the key no longer protects").isFalse();
        assertThat(e.journey().notes()).anyMatch(n -> n.contains("not sent again: idempotency key"));
    }

    @Test
    void sendsNoExpiredKeyAgainAfterWaitAtTheGate() {
        VendorSpec paced =
                FORGETFUL.withQuota(QuotaModel.declared(DeclaredLimit.perCredential("key", 1, Duration.ofMinutes(5))));
        StubTransport wire = wire(500, 201);

        ApiException e = lab.failure(lab.client(paced, wire).build().value(keyed()));

        assertThat(wire.sent).hasSize(1);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void startsLifetimeOfKeyAtFirstSend() {
        StubTransport wire = wire(201);
        ApiClient client = waitingFromAttempt(0, wire);

        lab.value(client.value(keyed()));

        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void sendsExpiredKeyAgainWhenServerDidNotAct() {
        StubTransport wire = wire(429, 201);
        ApiClient client = waitingFromAttempt(1, wire);

        lab.value(client.value(keyed()));

        assertThat(wire.sent).hasSize(2);
    }

    /** Answers with these statuses, where 0 is no answer. */
    private static StubTransport answering(List<Integer> statuses) {
        return new StubTransport(n -> Answer.of(statuses.get(n - 1), statuses.get(n - 1) == 0 ? "" : "{}"));
    }

    @ParameterizedTest
    @CsvSource({"0, 404", "502, 404", "504, 404", "0, 410"})
    void acceptsDeleteThatFindsNothingAfterLostAnswer(int first, int then) {
        ApiResponse<JsonNode> done =
                lab.value(lab.client(answering(List.of(first, then))).build().execute(ApiRequest.delete("scans/1")));

        assertThat(done.status()).isEqualTo(then);
        assertThat(done.value()).isNull();
        assertThat(done.journey().attempts()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"429, 404", "500, 404", "503, 404"})
    void reportsDeleteThatFindsNothingWithoutLostAnswer(int first, int then) {
        ApiException e =
                lab.failure(lab.client(answering(List.of(first, then))).build().value(ApiRequest.delete("scans/1")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void reportsFirstDeleteThatFindsNothing() {
        ApiException e = lab.failure(lab.client(answering(List.of(404))).build().value(ApiRequest.delete("scans/1")));

        assertThat(e.certainty()).isEqualTo(Certainty.REJECTED);
    }

    @Test
    void reportsNotFoundForDeleteOfSeveral() {
        ApiException e = lab.failure(lab.client(answering(List.of(0, 404)))
                .build()
                .value(ApiRequest.of(Method.DELETE, "scans").body(List.of("1", "2"))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }
}
