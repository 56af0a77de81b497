package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.paging.Paging;
import io.penstock.polling.JobShape;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.spec.ListForm;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Which requests a limit counts together, how much each of them counts, and which answers tell of a limit. */
class LimitsOfAClientTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage").deadline(Duration.ofDays(1));
    private static final VendorSpec TEN = Lab.limited(10, MINUTE);

    private final Lab lab = new Lab();
    private final StubTransport wire = StubTransport.always(200, "{}");

    private static Answer answer(int status, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("content-type", "application/json", "content-length", "1"));
        all.addAll(List.of(headers));
        return new Answer(status, body, Headers.of(all.toArray(new String[0])));
    }

    /** Refuses requests to a path once, for a minute. */
    private static StubTransport refusing(String line) {
        boolean[] refused = new boolean[1];
        return new StubTransport((n, call) -> {
            String sent = call.plan().method() + " " + call.plan().target();
            if (refused[0] || !sent.equals(line)) {
                return Answer.of(200, "{}");
            }
            refused[0] = true;
            return answer(429, "{}", "retry-after", "60");
        });
    }

    private static VendorSpec counting(DeclaredLimit... limits) {
        return Lab.SPEC.withQuota(QuotaModel.declared(limits));
    }

    private static List<Object> ask(ApiClient client, ApiRequest<JsonNode> request, int times) {
        List<Object> ends = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            client.value(request.deadline(Duration.ofDays(1))).subscribe(ends::add, ends::add);
        }
        return ends;
    }

    // ---- what a request costs

    @Test
    void takesCostOfRequestFromDeclaredLimit() {
        ApiClient client = lab.client(TEN, wire).build();

        ask(client, USAGE.cost(4), 4);
        ask(client, USAGE, 3);

        assertThat(wire.sent).as("4 + 4 of 10, and the line keeps its order").hasSize(2);
        lab.time.advanceTimeBy(MINUTE.plusSeconds(1));
        assertThat(wire.sent).as("4 + 4 + 1 + 1 of 10").hasSize(6);
    }

    @Test
    void sendsRequestThatCostsMoreThanTheLimitWhenAllIsThere() {
        ApiClient client = lab.client(TEN, wire).build();

        ask(client, USAGE, 1);
        ask(client, USAGE.cost(25), 1);
        assertThat(wire.sent).hasSize(1);
        lab.time.advanceTimeBy(MINUTE.plusSeconds(1));

        assertThat(wire.sent).hasSize(2);
        ask(client, USAGE, 1);
        assertThat(wire.sent).as("nothing is left").hasSize(2);
    }

    @Test
    void sendsRequestWithoutCostWhenNothingIsLeft() {
        ApiClient client = lab.client(TEN, wire).build();

        ask(client, USAGE.cost(10), 1);
        ask(client, USAGE.cost(0), 5);

        assertThat(wire.sent).hasSize(6);
    }

    @Test
    void takesCostThatTheLastResponseOfTheOperationTold() {
        StubTransport telling =
                new StubTransport((n, call) -> call.plan().target().endsWith("usage")
                        ? answer(200, "{}", "x-request-cost", "3.5")
                        : answer(200, "{}"));
        VendorSpec spec = TEN.withQuota(TEN.quota().tellingCostIn("X-Request-Cost"));
        ApiClient client = lab.client(spec, telling).build();

        ask(client, USAGE, 3);
        assertThat(telling.sent)
                .as("it costs 4 and not 1, which is known after the first")
                .hasSize(2);
        ask(client, ApiRequest.get("other"), 2);
        assertThat(telling.sent).as("a line keeps its order").hasSize(2);
        lab.time.advanceTimeBy(MINUTE.plusSeconds(1));

        assertThat(telling.sent).hasSize(5);
        assertThat(until(client.quota(USAGE).eta(2))).as("4 + 1 + 1 are spent").isGreaterThan(Duration.ofSeconds(50));
    }

    @Test
    void ignoresCostThatIsNoAmount() {
        StubTransport telling = new StubTransport(n -> answer(200, "{}", "x-request-cost", "cheap"));
        VendorSpec spec = TEN.withQuota(TEN.quota().tellingCostIn("X-Request-Cost"));

        var response = lab.value(lab.client(spec, telling).build().execute(USAGE));

        assertThat(response.journey().notes()).containsExactly("header X-Request-Cost ignored: not an amount");
    }

    @Test
    void takesCostFromReportedQuota() {
        int[] left = {10};
        StubTransport telling = new StubTransport((n, call) -> {
                    left[0] -= call.plan().cost();
                    return answer(
                            left[0] < 0 ? 429 : 200,
                            "{}",
                            "x-ratelimit-limit",
                            "10",
                            "x-ratelimit-remaining",
                            Integer.toString(Math.max(0, left[0])),
                            "x-ratelimit-reset",
                            "60");
                })
                .taking(Duration.ofMillis(20));
        VendorSpec spec = Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()));
        ApiClient client = lab.client(spec, telling).build();

        ask(client, USAGE.cost(4), 3);
        lab.time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(telling.sent).as("2 are left, which is not enough").hasSize(2);
        assertThat(left[0]).isEqualTo(2);
        left[0] = 10;
        lab.time.advanceTimeBy(Duration.ofSeconds(40));
        assertThat(telling.sent).hasSize(3);
    }

    @Test
    void forecastsForCallsOfTheCost() {
        ApiClient client = lab.client(TEN, wire).build();

        assertThat(until(client.quota(USAGE.cost(5)).eta(2))).isZero();
        assertThat(until(client.quota(USAGE.cost(5)).eta(3))).isBetween(MINUTE, MINUTE.plusSeconds(1));
        assertThatThrownBy(() -> client.quota(USAGE.cost(5)).whenAvailable(3))
                .hasMessageContaining("whenAvailable: 3 of 5 units (expected: at most 10, which is all of quota key)");
    }

    private Duration until(Instant then) {
        return Duration.ofMillis(then.toEpochMilli() - lab.time.now(TimeUnit.MILLISECONDS));
    }

    @Test
    void refusesCostsAndNamesThatMakeNoSense() {
        assertThatThrownBy(() -> USAGE.cost(-1)).hasMessageContaining("cost: -1 (expected: 0 to 100000 units)");
        assertThatThrownBy(() -> USAGE.cost(100_001))
                .hasMessageContaining("cost: 100001 (expected: 0 to 100000 units)");
        assertThatThrownBy(() -> USAGE.countedBy(" "))
                .hasMessageContaining("countedBy: \" \" (expected: the name of a quota)");
    }

    // ---- which requests are counted together

    @Test
    void holdsOnlyRequestsOfTheNamedQuota() {
        StubTransport refusing = refusing("GET /v1/a/usage");
        ApiClient client = lab.client(refusing).build();
        ApiRequest<JsonNode> project = ApiRequest.get("{project}/usage");

        ask(client, project.path("project", "a").countedBy("a"), 2);
        List<Object> others = ask(client, project.path("project", "b").countedBy("b"), 3);

        assertThat(others).hasSize(3);
        assertThat(refusing.sent).hasSize(4);
        assertThat(client.inspect().quotas())
                .extracting(Quota::partition)
                .singleElement()
                .asString()
                .startsWith("default#")
                .doesNotContain("#a");
    }

    @Test
    void holdsOnlyRequestsThatTheFunctionCountsTogether() {
        StubTransport refusing = refusing("GET /v1/a/usage");
        VendorSpec spec = Lab.SPEC.withQuota(
                QuotaModel.unknown().namingPartitionsBy(plan -> plan.target().contains("/a/") ? "a" : null));
        ApiClient client = lab.client(spec, refusing).build();

        ask(client, ApiRequest.get("a/usage"), 2);
        List<Object> others = ask(client, ApiRequest.get("b/usage"), 3);

        assertThat(others).hasSize(3);
        assertThat(refusing.sent).hasSize(4);
    }

    @Test
    void sharesDeclaredLimitAmongNamedQuotas() {
        ApiClient client = lab.client(TEN, wire).build();

        ask(client, USAGE.countedBy("a"), 6);
        ask(client, USAGE.countedBy("b"), 6);

        assertThat(wire.sent).hasSize(10);
    }

    @Test
    void failsCallWhoseQuotaCannotBeNamed() {
        VendorSpec spec = Lab.SPEC.withQuota(QuotaModel.unknown().namingPartitionsBy(plan -> {
            throw new IllegalStateException("no project");
        }));

        ApiException e = lab.failure(lab.client(spec, wire).build().value(ApiRequest.get("usage")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasMessageContaining("naming the quota of the request failed with IllegalStateException");
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void countsRequestsOfOneMethod() {
        ApiClient client = lab.client(counting(DeclaredLimit.perCredential("writes", 1, MINUTE, "POST **")), wire)
                .build();

        ask(client, ApiRequest.post("orders"), 2);
        ask(client, ApiRequest.get("orders"), 5);

        assertThat(wire.sent).hasSize(6);
    }

    /** The size of the limit is unknown; which requests it counts is not. */
    @Test
    void holdsOnlyPathsOfLimitOfUnknownSize() {
        StubTransport refusing = refusing("GET /v1/search/code");
        ApiClient client = lab.client(counting(DeclaredLimit.unsized("search", "search/**")), refusing)
                .build();

        ask(client, ApiRequest.get("search/code"), 1);
        ask(client, ApiRequest.get("search/users/{id}").path("id", 7), 1);
        List<Object> others = ask(client, ApiRequest.get("users"), 50);

        assertThat(others).hasSize(50);
        assertThat(refusing.sent).as("one search was refused, the other waits").hasSize(51);
        assertThat(client.inspect().quotas()).extracting(Quota::partition).containsExactly("search");
        lab.time.advanceTimeBy(Duration.ofSeconds(70));
        assertThat(refusing.sent)
                .as("the refused call has ended: no call waits for a minute")
                .hasSize(52);
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        assertThatThrownBy(() -> DeclaredLimit.perCredential("writes", 1, MINUTE, "PSOT orders"))
                .hasMessageContaining("limit writes: PSOT orders (expected: a path, or one of [GET, ");
        assertThatThrownBy(() -> DeclaredLimit.unsized("search", "search/**/all"))
                .hasMessageContaining(
                        "limit search: search/**/all: ** inside (expected: ** as the first or last segment only)");
        assertThatThrownBy(() -> DeclaredLimit.unsized(" ", "search"))
                .hasMessageContaining("limit: \" \" (expected: a name)");
        assertThatThrownBy(() ->
                        QuotaModel.declared(DeclaredLimit.unsized("search", "a"), DeclaredLimit.unsized("search", "b")))
                .hasMessageContaining("limit search: declared twice (expected: one limit of unknown size");
        assertThatThrownBy(() -> QuotaModel.unknown().blocking(Duration.ZERO))
                .hasMessageContaining("block: PT0S (expected: more than zero)");
        assertThatThrownBy(() -> QuotaModel.unknown().tellingCostIn("x cost")).hasMessageContaining("costHeader: ");
        assertThatThrownBy(() -> QuotaModel.unknown().namingPartitionsIn("x cost"))
                .hasMessageContaining("partitionHeaders: ");
    }

    // ---- refusals that are no 429, in every kind of call

    private static VendorSpec limitedBy(ErrorShape shape, ErrorTable table) {
        return Lab.SPEC
                .withQuota(QuotaModel.unknown())
                .withErrors(new ErrorModel(shape, table, ApiException::new))
                .withLists(
                        ListForm.of(Payload.page(JsonNode.class, List.of(), List.of("next")), Paging.cursor("after")));
    }

    private static ErrorRule limited() {
        return ErrorRule.transientError(ErrorKind.RATE_LIMITED).withCertainty(Certainty.REJECTED);
    }

    private static VendorSpec limitedByCode() {
        return limitedBy(
                ErrorShape.nestedError(),
                new ErrorTable(Map.of("slow_down", limited().withLeastWait(Duration.ofSeconds(3)))));
    }

    private static Answer slowDown(int status) {
        return answer(status, "{\"error\":{\"code\":\"slow_down\"}}");
    }

    /** The refusal states no time to wait: the rule does. */
    @ParameterizedTest
    @ValueSource(ints = {200, 403, 503})
    void holdsQuotaAfterRefusedPage(int status) {
        StubTransport refusing =
                new StubTransport(n -> n == 1 ? slowDown(status) : Answer.of(200, "{\"rows\":[1],\"next\":null}"));
        ApiClient client = lab.client(limitedByCode(), refusing).build();
        List<Page<Integer>> pages = new ArrayList<>();

        client.pages(ApiRequest.get("numbers"), Integer.class).subscribe(pages::add);
        ask(client, USAGE, 5);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));

        assertThat(refusing.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(refusing.sent).hasSize(7);
        assertThat(pages).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 403, 503})
    void holdsQuotaAfterRefusedPoll(int status) {
        StubTransport refusing =
                new StubTransport(n -> n == 1 ? slowDown(status) : Answer.of(200, "{\"state\":\"done\"}"));
        ApiClient client = lab.client(limitedByCode(), refusing).build();
        List<JsonNode> results = new ArrayList<>();

        client.poll(Polling.of(ApiRequest.get("jobs/7"), JobShape.at("/state", StateWords.succeeding("done")))
                        .every(Duration.ofSeconds(1)))
                .result()
                .subscribe(results::add);
        ask(client, USAGE, 5);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));

        assertThat(refusing.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(refusing.sent).hasSize(7);
        assertThat(results).hasSize(1);
    }

    @Test
    void holdsQuotaAfterRefusalInStream() {
        Headers json = Headers.of("content-type", "application/json");
        DrippingTransport dripping = new DrippingTransport(
                json, n -> n == 1 ? Flux.just("{\"error\":{\"code\":\"slow_down\"}}") : Flux.just("{\"rows\":[1]}"));
        ApiClient client = lab.client(limitedByCode(), wire).transport(dripping).build();
        ApiRequest<JsonNode> rows = ApiRequest.get("rows").elementsAt("/rows", JsonNode.class);
        List<Object> ends = new ArrayList<>();

        client.stream(rows).subscribe(ends::add, ends::add);
        client.stream(rows).subscribe(ends::add, ends::add);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));

        assertThat(dripping.calls()).isEqualTo(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(dripping.calls()).isEqualTo(3);
        assertThat(ends).hasSize(2).allMatch(end -> end instanceof JsonNode);
    }
}
