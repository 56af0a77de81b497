package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.body.FailureSign;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Answers as APIs send them, in files, about limits, waits and redirects: a spec without an operator handles each. */
class AnswersOfApisTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Answer FINE = Answer.of(200, "{}");

    private final Lab lab = new Lab();
    private final List<Long> sentAtMillis = new ArrayList<>();

    /** Reads an answer: a status line, headers, an empty line, and a body. */
    private static Answer answer(String name) {
        try (InputStream file = AnswersOfApisTest.class.getResourceAsStream("answers/" + name + ".http")) {
            assertThat(file).as(name).isNotNull();
            String[] parts = new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n\n", 2);
            String[] head = parts[0].split("\n", -1);
            List<String> headers = new ArrayList<>();
            for (int i = 1; i < head.length; i++) {
                headers.addAll(List.of(head[i].split(": ", 2)));
            }
            return new Answer(
                    Integer.parseInt(head[0].split(" ", 3)[1]),
                    parts[1].strip(),
                    Headers.of(headers.toArray(new String[0])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StubTransport firstly(String name) {
        Answer first = answer(name);
        return new StubTransport(n -> {
            sentAtMillis.add(lab.time.now(TimeUnit.MILLISECONDS));
            return n == 1 ? first : FINE;
        });
    }

    private static List<Object> ask(ApiClient client, ApiRequest<JsonNode> request, int times) {
        List<Object> ends = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            client.value(request).subscribe(ends::add, ends::add);
        }
        return ends;
    }

    // ---- waits

    @ParameterizedTest
    @CsvSource({"busy-fraction, 3500", "busy-millis, 3500", "busy-millis-and-seconds, 1200"})
    void waitsAsLongAsHeaderSaysInItsUnit(String name, long millis) {
        ApiClient client = lab.client(firstly(name)).build();

        ask(client, USAGE, 3);
        lab.time.advanceTimeBy(Duration.ofMillis(millis - 1));
        assertThat(sentAtMillis).as("the gate holds the others as well").hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(sentAtMillis).hasSize(4);
    }

    @Test
    void resendsUnsafeRequestAfterRefusalWithFractionOfSecond() {
        ApiClient client = lab.client(firstly("down-fraction")).build();

        lab.value(client.value(ApiRequest.post("orders")));

        assertThat(sentAtMillis).hasSize(2);
        assertThat(sentAtMillis.get(1)).isBetween(3_500L, 3_700L);
    }

    @Test
    void waitsAsLongAsElementOfBodySays() {
        ErrorShape shape = ErrorShape.nestedError().withRetryAfter("/error/hints/[kind=wait]/delay");
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly().withShape(shape));

        lab.value(lab.client(spec, firstly("busy-body")).build().value(USAGE));

        assertThat(sentAtMillis).hasSize(2);
        assertThat(sentAtMillis.get(1)).isBetween(3_500L, 3_700L);
    }

    // ---- quotas

    @Test
    void readsAmountsWithDecimalPoint() {
        Answer first = answer("decimal-empty");
        Answer then = answer("decimal-left");
        StubTransport wire = new StubTransport(n -> {
            sentAtMillis.add(lab.time.now(TimeUnit.MILLISECONDS));
            return n == 1 ? first : then;
        });
        ApiClient client = lab.client(wire).build();

        ask(client, USAGE, 2);
        lab.time.advanceTimeBy(Duration.ofMillis(3_900));
        assertThat(sentAtMillis).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofMillis(300));

        assertThat(sentAtMillis).hasSize(2);
        assertThat(client.inspect().quotas())
                .singleElement()
                .satisfies(quota ->
                        assertThat(List.of(quota.limit(), quota.remaining())).isEqualTo(List.of(50L, 49L)));
    }

    @Test
    void keepsQuotasOfResourcesApart() {
        Answer search = answer("search-empty");
        Answer core = answer("core-left");
        StubTransport wire = new StubTransport((n, call) -> call.plan().target().contains("search") ? search : core);
        VendorSpec spec = Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()));
        ApiClient client = lab.client(spec, wire).build();

        ask(client, ApiRequest.get("search/code"), 1);
        List<Object> users = ask(client, ApiRequest.get("user"), 3);
        List<Object> searches = ask(client, ApiRequest.get("search/code"), 1);

        assertThat(users).hasSize(3);
        assertThat(searches).isEmpty();
        assertThat(client.inspect().quotas())
                .extracting(Quota::partition)
                .containsExactlyInAnyOrder("default#search", "default#core");
    }

    // ---- refusals that are no 429

    @ParameterizedTest
    @ValueSource(strings = {"forbidden-wait", "forbidden-empty"})
    void waitsForLimitOfUnknownApiToldBy403(String name) {
        lab.value(lab.client(firstly(name)).build().value(USAGE));

        assertThat(sentAtMillis).hasSize(2);
        assertThat(sentAtMillis.get(1)).isBetween(3_000L, 3_300L);
    }

    @Test
    void takesOther403ForMissingPermission() {
        ApiException e = lab.failure(lab.client(firstly("forbidden")).build().value(USAGE));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(sentAtMillis).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forbidden-wait", "slow-420", "slow-503", "slow-200"})
    void holdsWholeQuotaAfterRefusalThatTheTableNames(String name) {
        ErrorRule limited = ErrorRule.transientError(ErrorKind.RATE_LIMITED).withCertainty(Certainty.REJECTED);
        ErrorShape shape = ErrorShape.messageOnly().withCode("/code").withFailureSigns(FailureSign.isFalse("ok"));
        ErrorTable table = new ErrorTable(
                Map.of("slow_down", limited),
                List.of(
                        ErrorCase.ofStatus(403, limited),
                        ErrorCase.ofStatus(420, limited),
                        ErrorCase.ofStatus(503, limited)));
        VendorSpec spec = Lab.SPEC.withErrors(new ErrorModel(shape, table, ApiException::new));
        ApiClient client = lab.client(spec, firstly(name)).build();

        ask(client, USAGE, 1);
        List<Object> others = ask(client, USAGE, 10);
        lab.time.advanceTimeBy(Duration.ofMillis(2_900));
        assertThat(sentAtMillis).as("inside the 3 s").hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(6));

        assertThat(sentAtMillis).hasSize(12);
        assertThat(others).hasSize(10).allMatch(end -> end instanceof JsonNode);
    }

    // ---- redirects and conditions

    private ApiClient withKey(StubTransport wire) {
        return lab.client(wire).secret(Secret.of("k3y-of-acme")).build();
    }

    @Test
    void sendsCredentialToRedirectWithinTheOriginOnly() {
        StubTransport within = firstly("moved");
        StubTransport away = firstly("moved-elsewhere");
        ApiRequest<JsonNode> request =
                ApiRequest.get("old/place").header("x-own", "1").followRedirects(1);

        lab.value(withKey(within).value(request));
        sentAtMillis.clear();
        lab.value(withKey(away).value(request));

        assertThat(within.sent.get(1).line()).isEqualTo("GET https://api.example.com/v1/new/place");
        assertThat(within.sent.get(1).header("authorization")).isEqualTo("Bearer k3y-of-acme");
        assertThat(within.sent.get(1).header("x-own")).isEqualTo("1");
        assertThat(away.sent.get(1).line()).isEqualTo("GET https://files.example.org/new/place");
        assertThat(away.sent.get(1).header("authorization")).isNull();
        assertThat(away.sent.get(1).header("x-own")).isNull();
    }

    @Test
    void followsRedirectOfPostOnlyIfAllowed() {
        ApiRequest<JsonNode> order =
                ApiRequest.post("orders").body(Map.of("lamps", 1)).as(USAGE.payload());

        ApiException e = lab.failure(withKey(firstly("moved-for-now")).value(order));
        StubTransport wire = firstly("moved-for-now");
        lab.value(withKey(wire).value(order.followRedirectsWithBody(1)));

        assertThat(e.certainty()).as("nothing was done there").isEqualTo(Certainty.REJECTED);
        assertThat(wire.sent.get(1).line()).isEqualTo("POST https://api.example.com/v1/new/place");
        assertThat(wire.sent.get(1).body()).isEqualTo("{\"lamps\":1}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void answersUnchangedResourceWithoutValue(int redirects) {
        ApiRequest<JsonNode> conditional = USAGE.ifNoneMatch("\"v1\"").followRedirects(redirects);

        ApiResponse<JsonNode> response = lab.value(withKey(firstly("unchanged")).execute(conditional));

        assertThat(response.isNotModified()).isTrue();
        assertThat(response.value()).isNull();
        assertThat(response.entityTag()).isEqualTo("\"v1\"");
        assertThat(sentAtMillis).hasSize(1);
    }
}
