package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Refusals for lack of quota: their recognition, their scope and the wait that they impose on calls. */
class RefusalsOfAClientTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Lab lab = new Lab();

    private static Answer answer(int status, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("content-type", "application/json", "content-length", "1"));
        all.addAll(List.of(headers));
        return new Answer(status, body, Headers.of(all.toArray(new String[0])));
    }

    private static StubTransport firstly(Answer first) {
        return new StubTransport(n -> n == 1 ? first : Answer.of(200, "{}"));
    }

    private static VendorSpec withCases(QuotaModel quota, ErrorCase... cases) {
        return Lab.SPEC
                .withQuota(quota)
                .withErrors(new ErrorModel(ErrorShape.messageOnly(), ErrorTable.ofCases(cases), ApiException::new));
    }

    private static ErrorRule limited() {
        return ErrorRule.transientError(ErrorKind.RATE_LIMITED).withCertainty(Certainty.REJECTED);
    }

    private List<Object> ask(ApiClient client, int times) {
        return ask(client, USAGE, times);
    }

    private List<Object> ask(ApiClient client, ApiRequest<JsonNode> request, int times) {
        List<Object> ends = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            client.value(request).subscribe(ends::add, ends::add);
        }
        return ends;
    }

    // ---- recognition

    @ParameterizedTest
    @ValueSource(strings = {"retry-after: 3", "x-ratelimit-remaining: 0, x-ratelimit-limit: 60, x-ratelimit-reset: 3"})
    void waitsForLimitReportedBy403(String headers) {
        String[] pairs = headers.split("[:,] ");
        StubTransport wire = firstly(answer(403, "{\"message\":\"too many\"}", pairs));
        ApiClient client = lab.client(wire).build();

        ApiResponse<JsonNode> late = lab.value(client.execute(USAGE));

        Journey.Attempt refused = late.journey().attempts().get(0);
        assertThat(refused.failure()).isNotNull();
        assertThatObject(refused.failure().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(refused.failure().certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(refused.failure().retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(wire.sent).hasSize(2);
        assertThat(late.journey().elapsed()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {420, 430})
    void waitsForLimitReportedByVendorStatus(int status) {
        StubTransport wire = firstly(answer(status, "{}", "retry-after", "3"));

        lab.value(lab.client(wire).build().value(USAGE));

        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void waitsForLimitReportedBy403WithoutGate() {
        StubTransport wire = firstly(
                answer(403, "{}", "x-ratelimit-limit", "60", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "3"));

        lab.value(lab.client(wire).withoutGate().build().value(USAGE));

        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void treatsPlain403AsPermissionError() {
        StubTransport wire = firstly(answer(
                403,
                "{\"message\":\"not yours\"}",
                Lab.pairs("x-ratelimit-limit: 60; x-ratelimit-remaining: 41; x-ratelimit-reset: 1800")));

        ApiException e = lab.failure(lab.client(wire).build().value(USAGE));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(wire.sent).hasSize(1);
    }

    /** If the vendor's table calls an answer a limit, the whole quota waits, whatever the status. */
    @ParameterizedTest
    @ValueSource(ints = {403, 420, 430, 503})
    void holdsWholeQuotaWhenErrorTableNamesLimit(int status) {
        StubTransport wire = firstly(answer(status, "{\"message\":\"slow\"}", "retry-after", "3"));
        ApiClient client = lab.client(withCases(QuotaModel.unknown(), ErrorCase.ofStatus(status, limited())), wire)
                .build();

        ask(client, 1);
        List<Object> others = ask(client, 10);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));
        assertThat(wire.sent).as("inside the 3 s").hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(wire.sent).hasSize(12);
        assertThat(others).hasSize(10).allMatch(end -> end instanceof JsonNode);
    }

    @Test
    void holdsWholeQuotaAfterLimitInsideSuccess() {
        StubTransport wire = firstly(answer(200, "{\"error\":{\"message\":\"slow down\"}}", "retry-after", "3"));
        VendorSpec spec = Lab.SPEC
                .withQuota(QuotaModel.unknown())
                .withErrors(new ErrorModel(
                        ErrorShape.nestedError(),
                        ErrorTable.ofCases(ErrorCase.ofStatus(200, limited())),
                        ApiException::new));
        ApiClient client = lab.client(spec, wire).build();

        ask(client, 11);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));
        assertThat(wire.sent).as("inside the 3 s").hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(wire.sent).hasSize(12);
    }

    /** An exhausted plan is not a rate limit: no call waits for it. */
    @Test
    void holdsNoCallWhenErrorTableNamesOtherReasonFor429() {
        StubTransport wire = firstly(answer(429, "{\"message\":\"month used up\"}", "retry-after", "3000"));
        ApiClient client = lab.client(
                        withCases(
                                QuotaModel.unknown(),
                                ErrorCase.ofStatus(429, ErrorRule.permanent(ErrorKind.PAYMENT_REQUIRED))),
                        wire)
                .build();

        ask(client, 1);
        List<Object> next = ask(client, 1);

        assertThat(next).singleElement().isInstanceOf(JsonNode.class);
    }

    // ---- scope

    @Test
    void ignoresRefusalOfOtherClientInsideOperator() {
        StubTransport other = StubTransport.always(429, "{}");
        ApiClient inner = lab.client(other).retry(Lab.STEADY.withMaxAttempts(1)).build();
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient outer = lab.client(wire)
                .retry(Lab.STEADY.withMaxAttempts(1))
                .operator(
                        Operator.Position.PER_ATTEMPT,
                        Operator.of(
                                "asks elsewhere",
                                (call, next) -> call.plan().target().endsWith("/free")
                                        ? next.exchange(call)
                                        : inner.value(USAGE).then(next.exchange(call))))
                .build();

        ask(outer, 1);
        List<Object> free = ask(outer, ApiRequest.get("free"), 1);

        assertThat(other.sent).hasSize(1);
        assertThat(free).singleElement().isInstanceOf(JsonNode.class);
    }

    /** Redirected calls leave the origin: the refusal of one host affects no other host and not the API itself. */
    @Test
    void holdsBackOnlyTheOriginThatHasRefused() {
        StubTransport wire = new StubTransport((n, call) -> {
            String host = call.plan().uri().getHost();
            if (host.equals("api.example.com")) {
                String to = call.plan().target().endsWith("/a") ? "https://a.example.org/f" : "https://b.example.org/f";
                return answer(302, "", "location", to);
            }
            return host.equals("a.example.org") ? answer(429, "{}", "retry-after", "60") : Answer.of(200, "{}");
        });
        ApiClient client = lab.client(wire).retry(Lab.STEADY.withMaxAttempts(1)).build();

        List<Object> refused = ask(client, ApiRequest.get("a").followRedirects(1), 1);
        List<Object> served = ask(client, ApiRequest.get("b").followRedirects(1), 1);

        assertThat(refused).singleElement().isInstanceOf(ApiException.class);
        assertThat(served).singleElement().isInstanceOf(JsonNode.class);
        assertThat(client.inspect().quotas())
                .extracting(Quota::partition)
                .as("rows of the API itself")
                .containsExactly("https://a.example.org");
    }

    // ---- duration

    /** An absurd answer silences a client for an hour or the time of its policy; then a single call asks again. */
    @ParameterizedTest
    @CsvSource({"3600000, PT1H, false", "3600000, PT1H, true", "31000000, PT10M, false", "31000000, PT10M, true"})
    void asksAgainWithOneCallAfterTheLongestSilence(long seconds, Duration longest, boolean refused) {
        StubTransport wire = firstly(answer(
                refused ? 429 : 200,
                "{}",
                Lab.pairs("x-ratelimit-limit: 60; x-ratelimit-remaining: 0; x-ratelimit-reset: " + seconds
                        + "; retry-after: " + seconds)));
        ApiClient client = lab.client(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .retry(Lab.STEADY.withMaxAttempts(1))
                .gate(GatePolicy.standard().withLongestSilence(longest))
                .build();
        List<Journey> journeys = new ArrayList<>();

        client.execute(USAGE)
                .subscribe(r -> journeys.add(r.journey()), e -> journeys.add(((ApiException) e).journey()));
        List<Object> ends = ask(client, USAGE.deadline(Duration.ofDays(1)), 5);
        lab.time.advanceTimeBy(longest.minusSeconds(1));
        assertThat(wire.sent).hasSize(1);
        lab.time.advanceTimeBy(longest.dividedBy(10).plusSeconds(5));

        assertThat(wire.sent).hasSize(6);
        assertThat(ends).hasSize(5).allMatch(end -> end instanceof JsonNode);
        assertThat(journeys.get(0).notes())
                .anyMatch(note -> note.contains("used up for " + seconds + " s")
                        && note.contains("asked again with one call after " + longest.toSeconds() + " s"));
    }

    @Test
    void refusesLongestSilenceOutOfRange() {
        assertThat(GatePolicy.standard().longestSilence()).isEqualTo(Duration.ofHours(1));
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(4_000))) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> GatePolicy.standard().withLongestSilence(bad)))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("longestSilence: " + bad + " (expected: more than zero");
        }
    }

    @Test
    void continuesAtOnceWhenServerAsksForNoWait() {
        StubTransport wire = firstly(answer(
                429,
                "{}",
                Lab.pairs("retry-after: 0; x-ratelimit-limit: 60; x-ratelimit-remaining: 0; x-ratelimit-reset: 60")));
        ApiClient client = lab.client(wire).build();

        ask(client, 1);
        List<Object> others = ask(client, 20);
        lab.time.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(others).hasSize(20).allMatch(end -> end instanceof JsonNode);
    }

    /** Every tenth call is refused although millions are left, which is no reason to crawl. */
    @Test
    void keepsSpeedWhenMuchIsLeftAndLittleIsRefused() {
        StubTransport wire = new StubTransport(n -> answer(
                n % 10 == 0 ? 429 : 200,
                "{}",
                Lab.pairs("x-ratelimit-limit: 10000000; x-ratelimit-remaining: " + (9_000_000 - n)
                        + "; x-ratelimit-reset: 600")));
        ApiClient client = lab.client(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .build();

        List<Object> ends = ask(client, USAGE.deadline(Duration.ofMinutes(5)), 2_000);
        lab.time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(ends.stream().filter(end -> end instanceof JsonNode).count()).isGreaterThan(1_500);
    }

    @Test
    void slowsDownWhenEverythingIsRefused() {
        StubTransport wire = new StubTransport(n -> answer(429, "{}", "retry-after", "0"));
        ApiClient client = lab.client(wire).build();

        ask(client, USAGE.deadline(Duration.ofMinutes(5)), 200);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(wire.sent.size()).isLessThan(60);
    }

    // ---- quota

    private static Answer ofResource(String resource, int limit, int remaining, int reset, String header) {
        return answer(
                200,
                "{}",
                "x-ratelimit-limit",
                Integer.toString(limit),
                "x-ratelimit-remaining",
                Integer.toString(remaining),
                "x-ratelimit-reset",
                Integer.toString(reset),
                header,
                resource);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-RateLimit-Resource", "X-RateLimit-Bucket", "X-Counted-By"})
    void tracksQuotaOfEachResourceSeparately(String header) {
        ApiRequest<JsonNode> search = ApiRequest.get("search/code");
        ApiRequest<JsonNode> user = ApiRequest.get("user");
        StubTransport wire = new StubTransport((n, call) -> call.plan().target().endsWith("/code")
                ? ofResource("search", 30, 0, 6, header)
                : ofResource("core", 5_000, 4_999, 3_000, header));
        QuotaModel quota = QuotaModel.reported(HeaderFamily.xRateLimit());
        ApiClient client = lab.client(
                        Lab.SPEC.withQuota(header.equals("X-Counted-By") ? quota.namingPartitionsIn(header) : quota),
                        wire)
                .build();

        ask(client, search, 1);
        List<Object> users = ask(client, user, 20);
        assertThat(users).as("sent at once").hasSize(20);
        List<Object> searches = ask(client, search, 1);
        assertThat(searches).as("waits").isEmpty();
        lab.time.advanceTimeBy(Duration.ofSeconds(7));
        assertThat(searches).hasSize(1);

        assertThat(client.inspect().quotas())
                .extracting(Quota::partition)
                .containsExactlyInAnyOrder("default#core", "default#search");
    }

    /** Calls that wait when the first answer names the quota wait for that quota from then on. */
    @Test
    void movesWaitingCallsToTheQuotaThatTheFirstAnswerNames() {
        StubTransport wire = new StubTransport(n -> answer(
                        200,
                        "{}",
                        "ratelimit",
                        "\"p\";r=" + (n == 1 ? 0 : 500 - n) + ";t=5;pk=:cG9vcg==:",
                        "ratelimit-policy",
                        "\"p\";q=500;w=5"))
                .taking(Duration.ofMillis(500));
        ApiClient client = lab.client(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.structured())), wire)
                .build();

        List<Object> ends = ask(client, 20);
        lab.time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(wire.sent).as("nothing is left until the reset").hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(ends).hasSize(20).allMatch(end -> end instanceof JsonNode);
    }

    /** A server may name more quotas than the client keeps; new ones are tracked all the same. */
    @Test
    void forgetsLongestIdleQuotas() {
        StubTransport wire = new StubTransport((n, call) -> {
            String name = call.plan().target().replaceAll(".*/", "");
            return ofResource(name, 10, name.equals("o1999") ? 0 : 9, 600, "X-RateLimit-Resource");
        });
        ApiClient client = lab.client(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .build();

        for (int i = 0; i < 2_000; i++) {
            ask(client, ApiRequest.get("o" + i), 1);
            lab.time.advanceTimeBy(Duration.ofMillis(1));
        }
        List<Object> newest = ask(client, ApiRequest.get("o1999").deadline(Duration.ofSeconds(5)), 1);
        List<Object> oldest = ask(client, ApiRequest.get("o0"), 1);

        assertThat(newest)
                .as("its quota is used up, and known to be")
                .singleElement()
                .isInstanceOf(ApiException.class);
        assertThat(oldest).singleElement().isInstanceOf(JsonNode.class);
        assertThat(client.inspect().quotas())
                .hasSizeLessThanOrEqualTo(1_000)
                .extracting(Quota::partition)
                .contains("default#o1999");
    }

    // ---- waits and deadlines

    @Test
    void sendsAllAtOnceWithoutKnownQuota() {
        StubTransport wire = StubTransport.always(200, "{}").taking(Duration.ofSeconds(3));
        ApiClient client = lab.client(wire).build();

        List<Object> ends = ask(client, 20);
        assertThat(wire.sent).hasSize(20);
        lab.time.advanceTimeBy(Duration.ofMillis(3_100));

        assertThat(ends).hasSize(20);
    }

    /** 200 calls at once at 60 a minute: the last wait for three minutes, and none is refused. */
    @Test
    void waitsForPublishedLimitBeyondDefaultDeadline() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client =
                lab.client(Lab.limited(60, Duration.ofMinutes(1)), wire).build();

        List<Object> ends = ask(client, 200);
        for (int second = 0; second < 200; second++) {
            lab.time.advanceTimeBy(SECOND);
        }

        assertThat(ends).hasSize(200).allMatch(end -> end instanceof JsonNode);
    }

    /** The deadline of the whole call, which exists because of the user's operator, allows for the wait too. */
    @Test
    void waitsForPublishedLimitInsidePerCallOperator() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(Lab.limited(1, Duration.ofMinutes(3)), wire)
                .operator(Operator.Position.PER_CALL, Operator.of("nothing", (call, next) -> next.exchange(call)))
                .build();

        List<Object> ends = ask(client, 2);
        for (int second = 0; second < 190; second++) {
            lab.time.advanceTimeBy(SECOND);
        }

        assertThat(ends).hasSize(2).allMatch(end -> end instanceof JsonNode);
    }

    @Test
    void failsAtOnceWhenWaitExceedsExplicitDeadline() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(Lab.limited(1, Duration.ofMinutes(1)), wire)
                .deadline(Duration.ofSeconds(30))
                .build();

        ask(client, 1);
        List<Object> ends = ask(client, 1);

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.RATE_LIMITED));
    }

    /** After the wait the call has as much time as without it. */
    @Test
    void startsDefaultDeadlineAfterWaitForQuota() {
        StubTransport wire = new StubTransport(n -> n == 1 ? Answer.of(200, "{}") : new Answer(0, "", Headers.none()));
        ApiClient client = lab.client(Lab.limited(1, Duration.ofMinutes(2)), wire)
                .attemptTimeout(Duration.ofMinutes(5))
                .build();
        ask(client, 1);
        List<Object> ends = ask(client, 1);

        lab.time.advanceTimeBy(Duration.ofMinutes(2).plusSeconds(1));
        assertThat(wire.sent).hasSize(2);
        lab.time.advanceTimeBy(Duration.ofSeconds(55));
        assertThat(ends).isEmpty();
        lab.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED));
    }
}
