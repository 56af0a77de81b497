package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.vendor.VendorSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** The gate as a client's user sees it: what waits, for how long, and what is told. */
class GateOfAClientTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final VendorSpec SIXTY =
            Lab.SPEC.withQuota(QuotaModel.declared(DeclaredLimit.perCredential("key", 60, MINUTE)));

    private final Lab lab = new Lab();
    private final StubTransport wire = StubTransport.always(200, "{}");

    private ApiClient.Builder gated(VendorSpec spec, StubTransport transport) {
        return lab.client(spec, transport).gate(GatePolicy.standard());
    }

    private ApiClient.Builder gated(StubTransport transport) {
        return gated(Lab.SPEC, transport);
    }

    private static void ask(ApiClient client, int times) {
        for (int i = 0; i < times; i++) {
            client.value(USAGE.deadline(Duration.ofDays(1))).subscribe(v -> {}, e -> {});
        }
    }

    private Duration until(Instant then) {
        return Duration.ofMillis(then.toEpochMilli() - lab.time.now(TimeUnit.MILLISECONDS));
    }

    @Test
    void aDeclaredLimitHoldsCallsBackUntilTheWindowHasPassed() {
        ApiClient client = gated(SIXTY, wire).build();

        ask(client, 100);
        lab.time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(wire.sent).hasSize(60);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(wire.sent).hasSize(100);
    }

    @Test
    void theForecastTellsWhenTheLastOfManyCallsCanBeSent() {
        ApiClient client = gated(SIXTY, wire).build();

        assertThat(until(client.quota().eta(60))).isZero();
        assertThat(until(client.quota().eta(61))).isBetween(MINUTE, MINUTE.plusSeconds(1));
        assertThat(until(client.quota().eta(12_000))).isBetween(MINUTE.multipliedBy(199), MINUTE.multipliedBy(201));
        ask(client, 30);
        assertThat(until(client.quota().eta(30))).isZero();
        assertThat(until(client.quota().eta(31))).isBetween(MINUTE.minusSeconds(1), MINUTE.plusSeconds(1));
    }

    @Test
    void whoNeedsManyAtOnceCanWaitForThem() {
        ApiClient client = gated(SIXTY, wire).build();
        ask(client, 50);
        List<String> done = new ArrayList<>();

        client.quota().whenAvailable(20).subscribe(v -> {}, e -> done.add(e.toString()), () -> done.add("now"));
        lab.time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(done).isEmpty();
        lab.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(done).containsExactly("now");
        assertThat(wire.sent).as("a forecast sends nothing").hasSize(50);
    }

    @Test
    void moreThanThereEverIsCannotBeWaitedFor() {
        ApiClient client = gated(SIXTY, wire).build();

        assertThatThrownBy(() -> client.quota().whenAvailable(61))
                .hasMessageContaining("whenAvailable: 61 (expected: at most 60");
        assertThatThrownBy(() -> client.quota().eta(0)).hasMessageContaining("calls: 0 (expected: >= 1)");
    }

    @Test
    void everyWordOfTheServerIsToldToWhoListens() {
        StubTransport telling = new StubTransport(n -> new Answer(
                200,
                "{}",
                Headers.of(
                        "x-ratelimit-limit", "10",
                        "x-ratelimit-remaining", Integer.toString(10 - n),
                        "x-ratelimit-reset", "30")));
        ApiClient client = gated(telling).build();
        List<Quota> heard = new ArrayList<>();
        Disposable listening = client.quota().changes().subscribe(heard::add);

        ask(client, 3);
        listening.dispose();
        ask(client, 2);

        assertThat(heard).extracting(Quota::remaining).containsExactly(9L, 8L, 7L);
        assertThat(client.quota().snapshot())
                .singleElement()
                .extracting(Quota::remaining)
                .isEqualTo(5L);
    }

    @Test
    void aReportedQuotaThatIsUsedUpHoldsCallsBackUntilItsReset() {
        StubTransport telling = new StubTransport(n -> new Answer(
                200,
                "{}",
                Headers.of(
                        "x-ratelimit-limit", "10",
                        "x-ratelimit-remaining", Integer.toString(n <= 10 ? 10 - n : 20 - n),
                        "x-ratelimit-reset", "30")));
        ApiClient client = gated(telling).build();

        ask(client, 12);
        lab.time.advanceTimeBy(Duration.ofSeconds(29));
        assertThat(telling.sent).hasSize(10);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(telling.sent).hasSize(12);
    }

    @Test
    void aWaitBeyondTheDeadlineIsToldAtOnceWithTheTimeToTryAgain() {
        ApiClient client = gated(SIXTY, wire).build();
        ask(client, 60);

        ApiException e = lab.failure(client.value(USAGE.deadline(Duration.ofSeconds(30))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(e.journey().elapsed()).isZero();
        assertThat(e.retryAt()).isNotNull();
        assertThat(e.safeToRepeat()).isTrue();
        assertThat(wire.sent).hasSize(60);
    }

    @Test
    void aWaitAtTheGateStandsInTheJourney() {
        ApiClient client = gated(SIXTY, wire).build();
        ask(client, 60);

        ApiResponse<JsonNode> late = lab.value(client.execute(USAGE.deadline(Duration.ofMinutes(5))));

        assertThat(late.journey().notes())
                .singleElement()
                .asString()
                .matches("attempt 1 waited 60\\d\\d\\d ms at the gate \\(key\\)");
        assertThat(Duration.ofNanos(late.journey().attempts().get(0).startedAfterNanos()))
                .isBetween(MINUTE, MINUTE.plusSeconds(1));
    }

    @Test
    void aRefusalAfterARealErrorLeavesTheRealError() {
        VendorSpec one =
                Lab.SPEC.withQuota(QuotaModel.declared(DeclaredLimit.perCredential("key", 1, Duration.ofMinutes(10))));

        ApiException e =
                lab.failure(gated(one, StubTransport.always(500, "")).build().value(USAGE));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.journey().notes()).singleElement().asString().startsWith("not sent again: quota key is used up");
    }

    @Test
    void aBlockThatTheVendorPublishesIsKeptWhereTheServerSaysNothing() {
        VendorSpec blocking = Lab.SPEC.withQuota(QuotaModel.declared(DeclaredLimit.perAddress("burst", 100, MINUTE))
                .blocking(Duration.ofMinutes(30)));
        StubTransport refusing =
                new StubTransport(n -> n == 1 ? new Answer(429, "", Headers.none()) : Answer.of(200, "{}"));
        ApiClient client =
                gated(blocking, refusing).retry(Lab.STEADY.withMaxAttempts(1)).build();

        lab.failure(client.value(USAGE.deadline(Duration.ofSeconds(5))));
        ApiException next = lab.failure(client.value(USAGE));

        assertThatObject(next.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(next.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(refusing.sent).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aTokenIsFetchedThoughAllPlacesAreHeldByThoseWhoNeedIt(int places) {
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> ApiRequest.post("token").idempotent(),
                (answer, at) -> new AccessToken(Secret.of("t0ken-value"), null),
                Duration.ZERO);
        VendorSpec spec = Lab.SPEC.withCredential(CredentialScheme.bearer().exchangedBy(exchange));
        ApiClient client = gated(spec, wire)
                .secret(Secret.of("refresh-token"))
                .gate(GatePolicy.standard().withMaxConcurrent(places))
                .build();
        List<Object> done = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            client.value(USAGE).subscribe(done::add, done::add);
        }
        lab.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(done).hasSize(3).allMatch(d -> d instanceof JsonNode);
    }

    @Test
    void anOperatorMayCallTheSameClientThoughAllPlacesAreHeld() {
        ApiClient[] self = new ApiClient[1];
        self[0] = gated(wire)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .operator(
                        Operator.Position.PER_ATTEMPT,
                        Operator.of(
                                "audit",
                                (call, next) -> call.plan().target().endsWith("/audit")
                                        ? next.exchange(call)
                                        : self[0].value(ApiRequest.get("audit")).then(next.exchange(call))))
                .build();

        assertThat(lab.value(self[0].value(USAGE))).isNotNull();
        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void aServerWithoutQuotaHeadersIsNotPaced() {
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .build();

        ask(client, 500);

        assertThat(wire.sent).hasSize(500);
    }

    @Test
    void whoWaitsWhenTheClientIsClosedIsToldSo() {
        ApiClient client = gated(SIXTY, wire).build();
        ask(client, 60);
        List<Throwable> errors = new ArrayList<>();
        client.value(USAGE.deadline(Duration.ofDays(1))).subscribe(v -> {}, errors::add);

        client.close();
        client.value(USAGE.deadline(Duration.ofDays(1))).subscribe(v -> {}, errors::add);

        assertThat(errors).hasSize(2).allSatisfy(e -> assertThat(e).matches(ErrorKind.CLIENT_CLOSED));
        assertThat(wire.sent).hasSize(60);
    }
}
