package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
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

/** The gate as the user of a client sees it: waiting calls, forecasts and reported quotas. */
class GateOfAClientTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final VendorSpec SIXTY = Lab.limited(60, MINUTE);

    private final Lab lab = new Lab();
    private final StubTransport wire = StubTransport.always(200, "{}");

    private ApiClientBuilder gated(VendorSpec spec, StubTransport transport) {
        return lab.client(spec, transport).gate(GatePolicy.standard());
    }

    private ApiClientBuilder gated(StubTransport transport) {
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
    void holdsCallsUntilDeclaredWindowHasPassed() {
        ApiClient client = gated(SIXTY, wire).build();

        ask(client, 100);
        lab.time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(wire.sent).hasSize(60);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(wire.sent).hasSize(100);
    }

    @Test
    void forecastsWhenLastOfManyCallsCanBeSent() {
        ApiClient client = gated(SIXTY, wire).build();

        assertThat(until(client.quota().eta(60))).isZero();
        assertThat(until(client.quota().eta(61))).isBetween(MINUTE, MINUTE.plusSeconds(1));
        assertThat(until(client.quota().eta(12_000))).isBetween(MINUTE.multipliedBy(199), MINUTE.multipliedBy(201));
        ask(client, 30);
        assertThat(until(client.quota().eta(30))).isZero();
        assertThat(until(client.quota().eta(31))).isBetween(MINUTE.minusSeconds(1), MINUTE.plusSeconds(1));
    }

    @Test
    void completesWhenEnoughQuotaIsAvailable() {
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
    void refusesForecastsOutOfRange() {
        ApiClient client = gated(SIXTY, wire).build();

        assertThatThrownBy(() -> client.quota().whenAvailable(61))
                .hasMessageContaining("whenAvailable: 61 (expected: at most 60");
        assertThatThrownBy(() -> client.quota().eta(0)).hasMessageContaining("calls: 0 (expected: >= 1)");
    }

    @Test
    void emitsEveryReportedQuotaToListeners() {
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
    void holdsCallsUntilResetOfExhaustedQuota() {
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
    void failsAtOnceWithRetryTimeWhenWaitExceedsDeadline() {
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
    void notesWaitAtTheGateInJourney() {
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
    void keepsServerErrorWhenGateRefusesRetry() {
        VendorSpec one = Lab.limited(1, Duration.ofMinutes(10));

        ApiException e =
                lab.failure(gated(one, StubTransport.always(500, "")).build().value(USAGE));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(e.journey().notes()).singleElement().asString().startsWith("not sent again: quota key is used up");
    }

    @Test
    void blocksForPublishedPeriodAfterRefusalWithoutHint() {
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
    void fetchesTokenWhileCallsThatNeedItHoldAllPlaces(int places) {
        VendorSpec spec = Lab.WITH_TOKEN;
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
    void admitsCallOfOperatorWhileAllPlacesAreHeld() {
        ApiClient[] self = new ApiClient[1];
        self[0] = gated(wire)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .operator(Operator.Position.PER_ATTEMPT, auditing(self))
                .build();

        assertThat(lab.value(self[0].value(USAGE))).isNotNull();
        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void doesNotPaceServerWithoutQuotaHeaders() {
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .build();

        ask(client, 500);

        assertThat(wire.sent).hasSize(500);
    }

    @Test
    void failsCurrentAndFutureWaitersOnClose() {
        ApiClient client = gated(SIXTY, wire).build();
        ask(client, 60);
        List<Throwable> errors = new ArrayList<>();
        client.value(USAGE.deadline(Duration.ofDays(1))).subscribe(v -> {}, errors::add);

        client.close();
        client.value(USAGE.deadline(Duration.ofDays(1))).subscribe(v -> {}, errors::add);

        assertThat(errors).hasSize(2).allSatisfy(e -> assertThat(e).matches(ErrorKind.CLIENT_CLOSED::matches));
        assertThat(wire.sent).hasSize(60);
    }

    @Test
    void chargesQuotaForNestedCalls() {
        ApiClient[] self = new ApiClient[1];
        VendorSpec three = Lab.limited(3, MINUTE);
        self[0] = lab.client(three, wire)
                .operator(Operator.Position.PER_ATTEMPT, auditing(self))
                .build();

        ask(self[0], 2);
        assertThat(wire.sent)
                .as("the second call holds the third unit, and the one inside it waits")
                .hasSize(2);
        lab.time.advanceTimeBy(MINUTE.plusSeconds(1));
        assertThat(wire.sent).hasSize(4);
    }

    /** The nested call would wait for ever: only the end of the outer call returns the unit. */
    @Test
    void admitsNestedCallWhenOuterCallHoldsLastUnit() {
        ApiClient[] self = new ApiClient[1];
        VendorSpec one = Lab.limited(1, MINUTE);
        self[0] = lab.client(one, wire)
                .operator(Operator.Position.PER_ATTEMPT, auditing(self))
                .build();

        ask(self[0], 1);

        assertThat(wire.sent).hasSize(2);
        assertThat(until(self[0].quota().eta(1)))
                .as("the overdrawn unit is made up for")
                .isGreaterThanOrEqualTo(MINUTE);
    }

    private static Operator auditing(ApiClient[] self) {
        return Operator.of(
                "audit",
                (call, next) -> call.plan().target().endsWith("/audit")
                        ? next.exchange(call)
                        : self[0].value(ApiRequest.get("audit")).then(next.exchange(call)));
    }

    @Test
    void pacesCallsUnlessBuiltWithoutGate() {
        ask(lab.client(SIXTY, wire).build(), 100);
        assertThat(wire.sent).hasSize(60);

        StubTransport other = StubTransport.always(200, "{}");
        ApiClient free = lab.client(SIXTY, other).withoutGate().build();
        ask(free, 100);
        assertThat(other.sent).hasSize(100);
        assertThatThrownBy(free::quota).hasMessageContaining("not built with withoutGate()");
    }

    @Test
    void limitsPlacesToConnectionsOfPool() {
        ApiClient client = lab.client(Lab.SPEC, wire)
                .connections(ConnectionOptions.standard().withPool(7, 10, Duration.ofSeconds(1)))
                .build();

        assertThat(client.inspect().explain(USAGE)).contains("7 at once, 10000 waiting");
    }

    @Test
    void holdsCallsForEachOfSeveralPolicies() {
        // "burst" is 5 per 10 s, "day" 8 per day: the first window of "burst" admits 5 calls, "day" only 3 more.
        StubTransport telling = new StubTransport(n -> new Answer(
                200,
                "{}",
                Headers.of(
                        "ratelimit",
                        "\"burst\";r=" + (n <= 5 ? 5 - n : 10 - n) + ";t=10, \"day\";r=" + (8 - n) + ";t="
                                + (80_000 - lab.time.now(TimeUnit.SECONDS)),
                        "ratelimit-policy",
                        "\"burst\";q=5;w=10, \"day\";q=8;w=86400")));
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.structured())), telling)
                .gate(GatePolicy.standard().withLongestSilence(Duration.ofDays(1)))
                .build();

        ask(client, 20);
        lab.time.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(telling.sent).hasSize(5);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(telling.sent).hasSize(8);
        lab.time.advanceTimeBy(Duration.ofHours(20));
        assertThat(telling.sent).as("the day holds, however many bursts pass").hasSize(8);
    }

    @Test
    void dropsPolicyThatIsNoLongerReported() {
        StubTransport telling = new StubTransport(n -> new Answer(
                200,
                "{}",
                Headers.of(
                        "ratelimit",
                        n <= 2 ? "\"a\";r=100;t=10, \"b\";r=" + (2 - n) + ";t=10" : "\"a\";r=100;t=10",
                        "ratelimit-policy",
                        "\"a\";q=100;w=10, \"b\";q=2;w=10")));
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.structured())), telling)
                .build();

        ask(client, 30);
        lab.time.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(telling.sent).hasSize(2);
        lab.time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(telling.sent).hasSize(30);
    }

    @Test
    void doesNotHoldCallsOfOtherPartitionKey() {
        ApiRequest<JsonNode> rich = ApiRequest.get("rich");
        StubTransport telling = new StubTransport((n, call) -> {
            boolean poor = call.plan().target().endsWith("usage");
            return new Answer(
                    200,
                    "{}",
                    Headers.of(
                            "ratelimit",
                            "\"p\";r=" + (poor ? 0 : 500) + ";t=60;pk=" + (poor ? ":cG9vcg==:" : ":cmljaA==:"),
                            "ratelimit-policy",
                            "\"p\";q=500;w=60"));
        });
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.structured())), telling)
                .build();
        List<Object> done = new ArrayList<>();
        ask(client, 1);
        lab.time.advanceTimeBy(Duration.ofSeconds(61));
        client.value(rich).subscribe(done::add);
        ask(client, 1); // the first of the new window, which finds no quota left
        client.value(USAGE.deadline(Duration.ofSeconds(5))).subscribe(done::add, done::add);

        for (int i = 0; i < 10; i++) {
            client.value(rich).subscribe(done::add);
        }

        assertThat(done).hasSize(12);
        assertThat(done.get(1)).isInstanceOf(ApiException.class);
        assertThat(telling.sent).hasSize(13);
        assertThat(client.inspect().quotas())
                .extracting(Quota::partition)
                .hasSize(2)
                .allMatch(row -> row.matches("default/p#[0-9a-f]{8}"));
    }

    @Test
    void sharesQuotaBetweenClientsOfOneCredential() {
        ApiClient one = gated(SIXTY, wire).secret(Secret.of("same-key")).build();
        ApiClient other = gated(SIXTY, wire)
                .secret(Secret.of("same-key"))
                .sharesQuotaWith(one)
                .build();

        ask(one, 40);
        ask(other, 40);
        assertThat(wire.sent).hasSize(60);
        lab.time.advanceTimeBy(MINUTE.plusSeconds(1));
        assertThat(wire.sent).hasSize(80);
    }

    @Test
    void sharesOnlyAddressQuotaAcrossCredentials() {
        QuotaModel both = QuotaModel.declared(
                DeclaredLimit.perCredential("key", 30, MINUTE), DeclaredLimit.perAddress("address", 50, MINUTE));
        ApiClient one = gated(Lab.SPEC.withQuota(both), wire)
                .secret(Secret.of("key-one"))
                .build();
        ApiClient other = gated(Lab.SPEC.withQuota(both), wire)
                .secret(Secret.of("key-two"))
                .sharesQuotaWith(one)
                .build();

        ask(one, 40);
        assertThat(wire.sent).hasSize(30);
        ask(other, 40);
        assertThat(wire.sent).hasSize(50);
    }

    @Test
    void refusesToShareQuotaWithClientOfOtherApi() {
        ApiClient elsewhere =
                lab.client(SIXTY, wire).baseUri("https://other.example.com/").build();

        assertThatThrownBy(
                        () -> lab.client(SIXTY, wire).sharesQuotaWith(elsewhere).build())
                .hasMessageContaining("sharesQuotaWith: ApiClient[")
                .hasMessageContaining("(expected: a client of the same API at the same origin)");
    }

    @Test
    void forecastsNoDateBeyondTheCalendar() {
        VendorSpec daily = Lab.limited(1, Duration.ofDays(1));
        ApiClient client = gated(daily, wire).build();

        assertThat(until(client.quota().eta(1_000))).isGreaterThan(Duration.ofDays(990));
        assertThat(client.quota().eta(Integer.MAX_VALUE)).isNull();
    }

    /** A burst rule or an overloaded server may refuse too: the rest of the quota was not used by others. */
    @Test
    void keepsRemainingQuotaAfterRefusalForOtherReason() {
        StubTransport telling = new StubTransport(n -> n == 10
                ? new Answer(429, "", Headers.of("retry-after", "1"))
                : new Answer(
                        200,
                        "{}",
                        Headers.of(
                                "x-ratelimit-limit", "1000",
                                "x-ratelimit-remaining", Integer.toString(1000 - n),
                                "x-ratelimit-reset", "600")));
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), telling)
                .build();

        ask(client, 10);
        lab.time.advanceTimeBy(Duration.ofSeconds(5));
        ask(client, 500);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(telling.sent).hasSize(511);
    }

    /** One of two policies is exhausted: after its reset the other one still has its remaining quota. */
    @Test
    void endsOnlyExhaustedPolicyOnRefusal() {
        StubTransport telling = new StubTransport(n -> new Answer(
                n == 4 ? 429 : 200,
                "{}",
                Headers.of(
                        "ratelimit",
                        "\"burst\";r=" + (n == 4 ? 0 : 50) + ";t=1, \"day\";r=" + Math.max(0, 6 - n) + ";t=80000",
                        "ratelimit-policy",
                        "\"burst\";q=100;w=1, \"day\";q=6;w=86400")));
        ApiClient client = gated(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.structured())), telling)
                .gate(GatePolicy.standard().withLongestSilence(Duration.ofDays(1)))
                .retry(Lab.STEADY.withMaxAttempts(1))
                .build();

        ask(client, 4);
        lab.time.advanceTimeBy(Duration.ofSeconds(10));
        ask(client, 20);
        lab.time.advanceTimeBy(Duration.ofHours(1));

        assertThat(telling.sent).hasSize(6);
    }

    /** The headers have only a distant reset; the body asks for a much shorter wait. */
    @Test
    void prefersHintInBodyToReset() {
        StubTransport refusing = new StubTransport(n -> n == 1
                ? new Answer(
                        429,
                        "{\"retryAfter\":3}",
                        Headers.of(
                                Lab.pairs(
                                        "content-type: application/json; x-ratelimit-limit: 10; x-ratelimit-remaining: 0; x-ratelimit-reset: 600")))
                : Answer.of(200, "{}"));
        VendorSpec hinting = Lab.SPEC
                .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()))
                .withErrors(new ErrorModel(
                        ErrorShape.messageOnly().withRetryAfter("/retryAfter"),
                        ErrorTable.byStatusOnly(),
                        ApiException::new));
        ApiClient client = gated(hinting, refusing).build();

        ask(client, 1);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(refusing.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(refusing.sent).hasSize(2);
    }
}
