package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.pipeline.Operator;
import io.penstock.polling.JobShape;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.RetryAfter;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Times and amounts reported by a server, and the time of the next request. */
class WaitsOfAClientTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Duration TOO_LONG_FOR_A_CLOCK = Duration.ofSeconds(Long.MAX_VALUE);
    private static final String RETRY_INFO = """
            {"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"quota is spent","details":[
            {"@type":"type.googleapis.com/google.rpc.QuotaFailure"},
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.5s"}]}}""";

    private final Lab lab = new Lab();

    private static Answer refusal(int status, String body, String... headers) {
        return new Answer(status, body, Headers.of(headers));
    }

    private static StubTransport refusingOnce(Answer refusal) {
        return new StubTransport(n -> n == 1 ? refusal : Answer.of(200, "{}"));
    }

    private ApiClient client(VendorSpec spec, StubTransport wire) {
        return lab.client(spec, wire).gate(GatePolicy.standard()).build();
    }

    private static VendorSpec shaped(ErrorShape shape) {
        return Lab.SPEC.withErrors(ErrorModel.byStatusOnly().withShape(shape));
    }

    private void sentAgainAfter(ApiClient client, StubTransport wire, Duration wait) {
        client.value(USAGE).subscribe();
        lab.time.advanceTimeBy(wait.minusMillis(1));
        assertThat(wire.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofMillis(200));
        assertThat(wire.sent).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            429 | Retry-After         | 3.5    | -1 | PT3.5S
            503 | Retry-After         | 3.5    | -1 | PT3.5S
            429 | Retry-After         | 3.5s   | -1 | PT3.5S
            429 | Retry-After         | 1, 4   | -1 | PT4S
            429 | retry-after-ms      | 3500   | -1 | PT3.5S
            429 | x-ms-retry-after-ms | 1200   | 2  | PT1.2S
            429 | x-retry-after       | "3.5"  | -1 | PT3.5S
            503 | retry-after-ms      | 3500   | 60 | PT3.5S
            """)
    void waitsForHintInHeader(int status, String name, String value, int seconds, Duration wait) {
        StubTransport wire = refusingOnce(
                seconds < 0
                        ? refusal(status, "{}", name, value)
                        : refusal(status, "{}", name, value, "Retry-After", Integer.toString(seconds)));

        sentAgainAfter(client(Lab.SPEC, wire), wire, wait);
    }

    @Test
    void holdsOtherCallsForAFractionOfASecondToo() {
        StubTransport wire = refusingOnce(refusal(429, "{}", "Retry-After", "3.5"));
        ApiClient client = client(Lab.SPEC, wire);

        for (int i = 0; i < 5; i++) {
            client.value(USAGE).subscribe();
        }
        lab.time.advanceTimeBy(Duration.ofMillis(3_499));
        assertThat(wire.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(wire.sent).hasSize(6);
    }

    @Test
    void repeatsUnkeyedPostAfter503WithFraction() {
        StubTransport wire = refusingOnce(refusal(503, "{}", "Retry-After", "3.5"));

        lab.value(client(Lab.SPEC, wire).execute(ApiRequest.post("orders").body("{}")));

        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void waitsForHintInListElement() {
        StubTransport wire = refusingOnce(refusal(429, RETRY_INFO, "content-type", "application/json"));
        VendorSpec spec = shaped(ErrorShape.nestedError()
                .withRetryAfter("/error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay"));

        sentAgainAfter(client(spec, wire), wire, Duration.ofMillis(3_500));
    }

    @Test
    void waitsForHintsNamedBySpec() {
        // example
        ErrorShape shape = ErrorShape.nestedError()
                .withRetryAfter(RetryAfter.usual()
                        .withHeader("x-cooldown", TimeUnit.MINUTES)
                        .withMembers(
                                RetryAfter.Place.seconds(
                                        "/error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay"),
                                RetryAfter.Place.millis("/error/wait_ms")));
        // end
        VendorSpec spec = shaped(shape);
        StubTransport byHeader = refusingOnce(refusal(429, "{}", "X-Cooldown", "0.05"));
        StubTransport byBody =
                refusingOnce(refusal(503, "{\"error\":{\"wait_ms\":2500}}", "content-type", "application/json"));

        sentAgainAfter(client(spec, byHeader), byHeader, Duration.ofSeconds(3));
        sentAgainAfter(client(spec, byBody), byBody, Duration.ofMillis(2_500));
    }

    @Test
    void matchesExampleInDocs() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/test/java/io/penstock/WaitsOfAClientTest.java"));
        List<String> docs = Files.readAllLines(Path.of("../docs/quota-headers.md"));
        int fence = docs.indexOf("```java");

        assertThat(docs.subList(
                        fence + 1,
                        fence + 1 + docs.subList(fence + 1, docs.size()).indexOf("```")))
                .isEqualTo(
                        source
                                .subList(source.indexOf("        // example") + 1, source.indexOf("        // end"))
                                .stream()
                                .map(line -> line.substring(8))
                                .toList());
    }

    @Test
    void refusesInvalidPointers() {
        assertThatThrownBy(() -> ErrorShape.messageOnly().withRetryAfter("retryAfter"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("retryAfter: retryAfter (expected: a JSON pointer");
        assertThatThrownBy(() -> ErrorShape.messageOnly().withCode("/errors/[type=a/code"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("code: /errors/[type=a/code (expected: a JSON pointer");
    }

    @Test
    void waitsForResetWhenRemainderIsDecimalZero() {
        StubTransport wire = new StubTransport(
                n -> n == 1
                        ? refusal(
                                200,
                                "{}",
                                Lab.pairs(
                                        "content-type: application/json; x-ratelimit-limit: 100.0; x-ratelimit-remaining: 0.0; x-ratelimit-reset: 4"))
                        : refusal(
                                200,
                                "{}",
                                Lab.pairs(
                                        "content-type: application/json; x-ratelimit-limit: 100.0; x-ratelimit-remaining: 99.5; x-ratelimit-reset: 60.0")));
        ApiClient client = client(Lab.SPEC, wire);

        client.value(USAGE).subscribe();
        client.value(USAGE).subscribe();
        lab.time.advanceTimeBy(Duration.ofMillis(3_999));
        assertThat(wire.sent).hasSize(1);
        lab.time.advanceTimeBy(Duration.ofMillis(500));
        assertThat(wire.sent).hasSize(2);
        assertThat(client.inspect().quotas()).singleElement().satisfies(quota -> {
            assertThat(quota.limit()).isEqualTo(100);
            assertThat(quota.remaining()).isEqualTo(99);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31622400",
                "31622401",
                "1000000000",
                "99999999999999999999999999",
                "9999-12-31T23:59:59Z",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "P99999Y"
            })
    void doesNotRetryWhenServerAsksForLongerThanAnyCall(String wait) {
        for (Answer refusal : List.of(
                refusal(429, "{}", "Retry-After", wait),
                refusal(503, "{}", "Retry-After", wait),
                refusal(429, "{\"wait\":\"" + wait + "\"}", "content-type", "application/json"),
                refusal(503, "{\"wait\":\"" + wait + "\"}", "content-type", "application/json"))) {
            StubTransport wire = refusingOnce(refusal);
            VendorSpec spec = shaped(ErrorShape.messageOnly().withRetryAfter("/wait"));

            ApiException e = lab.failure(client(spec, wire).execute(USAGE));

            assertThat(e.status()).isEqualTo(refusal.status());
            assertThat(e.retryAfter()).isEqualTo(Duration.ofDays(366));
            assertThat(wire.sent).hasSize(1);
        }
    }

    @Test
    void readsLeadingZerosAsDigits() {
        StubTransport wire = refusingOnce(refusal(429, "{}", "Retry-After", "00000000000000000000002"));

        sentAgainAfter(client(Lab.SPEC, wire), wire, Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "0s"})
    void treatsZeroAsWaitAndThawsAsUsual(String nothing) {
        StubTransport wire = refusingOnce(refusal(
                429,
                "{}",
                Lab.pairs("Retry-After: " + nothing
                        + "; x-ratelimit-limit: 10; x-ratelimit-remaining: 0; x-ratelimit-reset: 60")));
        ApiClient client = client(Lab.SPEC, wire);

        client.value(USAGE).subscribe();
        client.value(USAGE).subscribe();
        lab.time.advanceTimeBy(Duration.ofMillis(300));
        assertThat(wire.sent).as("the other call").hasSize(2);
        lab.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(wire.sent).hasSize(3);
    }

    /** Checks that a failed call returns the only place, so that the next call is sent. */
    private void endsTypedAndGivesItsPlaceBack(ApiClient client, StubTransport wire, ErrorKind kind) {
        ApiException e = lab.failure(client.execute(USAGE));
        assertThatObject(e.kind()).isEqualTo(kind);

        int sent = wire.sent.size();
        lab.time.advanceTimeBy(Duration.ofHours(2));
        lab.value(client.execute(USAGE));
        assertThat(wire.sent).hasSize(sent + 1);
    }

    private ApiClientBuilder withOnePlace(VendorSpec spec, StubTransport wire) {
        return lab.client(spec, wire).gate(GatePolicy.standard().withMaxConcurrent(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void endsCallWhoseHintOverflowsTheClock(int status) {
        StubTransport wire = refusingOnce(refusal(status, "{}", "Retry-After", "1"));
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly()
                .withExceptions(failure -> new ApiException(failure.withRetryAfter(TOO_LONG_FOR_A_CLOCK))));

        endsTypedAndGivesItsPlaceBack(
                withOnePlace(spec, wire).build(), wire, status == 429 ? ErrorKind.RATE_LIMITED : ErrorKind.UNAVAILABLE);
    }

    @Test
    void retriesCallWhoseHintIsNegative() {
        StubTransport wire = refusingOnce(refusal(429, "{}", "Retry-After", "1"));
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly()
                .withExceptions(
                        failure -> new ApiException(failure.withRetryAfter(Duration.ofSeconds(Long.MIN_VALUE)))));

        lab.value(withOnePlace(spec, wire).build().execute(USAGE));

        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void endsCallRefusedByOperatorWithOverflowingHint() {
        StubTransport wire = StubTransport.always(200, "{}");
        boolean[] refused = new boolean[1];
        Operator refusing = Operator.of("refuses once", (call, next) -> {
            if (refused[0]) {
                return next.exchange(call);
            }
            refused[0] = true;
            return Mono.error(new ApiException(
                    Failure.of(ErrorKind.RATE_LIMITED, Certainty.NOT_SENT, Retryability.TRANSIENT, "not now")
                            .withRetryAfter(TOO_LONG_FOR_A_CLOCK)));
        });

        endsTypedAndGivesItsPlaceBack(
                withOnePlace(Lab.SPEC, wire)
                        .operator(Operator.Position.PER_ATTEMPT, refusing)
                        .build(),
                wire,
                ErrorKind.RATE_LIMITED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsCallWhenVendorFailsToCreateException(boolean throwing) {
        StubTransport wire = refusingOnce(refusal(404, "{}"));
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly().withExceptions(failure -> failing(throwing)));
        List<Throwable> errors = new ArrayList<>();
        ApiClient client = withOnePlace(spec, wire).build();

        client.execute(USAGE).subscribe(v -> {}, errors::add);
        lab.time.advanceTimeBy(Duration.ofMinutes(10));

        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        lab.value(client.execute(USAGE));
    }

    @SuppressWarnings("NullAway") // as a vendor module without null checks may do
    private static ApiException failing(boolean throwing) {
        if (throwing) {
            throw new IllegalStateException("a mistake");
        }
        ApiException none = nothing();
        return none;
    }

    private static @Nullable ApiException nothing() {
        return null;
    }

    @Test
    void endsWaitingCallWhenSchedulerIsDisposed() {
        StubTransport silent = StubTransport.always(0, "");
        ApiClient client = withOnePlace(Lab.SPEC, silent).build();
        List<Throwable> errors = new ArrayList<>();
        client.execute(USAGE).subscribe(v -> {}, e -> {});

        lab.time.dispose();
        client.execute(USAGE).subscribe(v -> {}, errors::add);

        assertThat(errors).singleElement().isInstanceOfSatisfying(ApiException.class, e -> {
            assertThatObject(e.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
            assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsPollWhenVendorFailsToCreateException(boolean throwing) {
        VendorSpec spec = Lab.SPEC.withErrors(ErrorModel.byStatusOnly().withExceptions(failure -> failing(throwing)));
        ApiClient client = lab.client(spec, StubTransport.always(200, "{\"status\":\"failed\"}"))
                .build();
        JobShape shape = JobShape.at("/status", StateWords.succeeding("done").failing("failed"));
        List<Throwable> errors = new ArrayList<>();

        client.poll(Polling.of(ApiRequest.get("jobs/1"), shape)).result().subscribe(v -> {}, errors::add);
        lab.time.advanceTimeBy(Duration.ofMinutes(10));

        assertThat(errors)
                .singleElement()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThatObject(e.kind()).isEqualTo(ErrorKind.JOB_FAILED));
    }
}
