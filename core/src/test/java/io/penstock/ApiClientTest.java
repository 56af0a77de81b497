package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.penstock.StubTransport.Answer;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class ApiClientTest {

    private static final String SECRET = "pk_live_0123456789abcdef";
    private static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/v1"));
    private static final Duration LONG = Duration.ofMinutes(5);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private ApiClientBuilder builder(StubTransport wire) {
        return builder(SPEC, wire);
    }

    private ApiClientBuilder builder(VendorSpec spec, StubTransport wire) {
        return ApiClient.builder(spec).transport(wire).scheduler(time).secret(Secret.of(SECRET));
    }

    private static StubTransport failingFirst(int failures) {
        return new StubTransport(n -> n <= failures ? Answer.of(500, "") : Answer.of(200, "{\"n\":1}"));
    }

    private ApiException failure(Mono<?> call) {
        List<Throwable> errors = new ArrayList<>();
        call.subscribe(v -> {}, errors::add);
        time.advanceTimeBy(LONG);
        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) errors.get(0);
    }

    @Test
    void sendsRequestAndDecodesResponse() {
        StubTransport wire = StubTransport.always(200, "{\"n\":1}");
        ApiClient client = builder(wire).build();

        StepVerifier.create(client.execute(ApiRequest.get("usage").query("day", "today")))
                .assertNext(r -> {
                    assertThat(r.status()).isEqualTo(200);
                    assertThat(r.value()).hasToString("{\"n\":1}");
                    assertThat(r.headers().first("Content-Type")).isEqualTo("application/json");
                    assertThat(r.journey().attempts()).hasSize(1);
                    assertThat(r.journey()).hasToString("GET /v1/usage  1 attempt  0 ms  → 200");
                    assertThat(r).hasToString("ApiResponse[200, " + r.journey() + "]");
                })
                .verifyComplete();

        assertThat(wire.sent).singleElement().satisfies(s -> {
            assertThat(s.line()).isEqualTo("GET https://api.example.com/v1/usage?day=today");
            assertThat(s.header("accept")).isEqualTo("application/json");
            assertThat(s.header("user-agent")).isEqualTo("penstock");
            assertThat(s.header("authorization")).isEqualTo("Bearer " + SECRET);
            assertThat(s.header("content-type")).isNull();
            assertThat(s.body()).isNull();
        });
    }

    @Test
    void completesEmptyWithoutResponseContent() {
        ApiClient client = builder(StubTransport.always(204, "")).build();

        StepVerifier.create(client.value(ApiRequest.delete("webhooks/7"))).verifyComplete();
        StepVerifier.create(client.execute(ApiRequest.delete("webhooks/7")))
                .expectNextMatches(r -> r.status() == 204 && r.value() == null)
                .verifyComplete();
    }

    @Test
    void attachesWholeJourneyToError() {
        ApiException e = failure(builder(StubTransport.always(500, "{\"message\":\"oops\"}"))
                .build()
                .value(ApiRequest.get("usage")));

        assertThat(e).hasMessage("500 SERVER_ERROR: oops");
        assertThat(e.journey().attempts()).hasSize(5);
        assertThat(e.journey().attempts().get(4).decision()).isEqualTo("attempt 5 of 5");
    }

    @Test
    void sendsNoCredentialWithAnonymousRequest() {
        StubTransport wire = StubTransport.always(200, "{}");

        StepVerifier.create(builder(wire).build().value(ApiRequest.get("health").anonymous()))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(wire.sent.get(0).header("authorization")).isNull();
    }

    @Test
    void withholdsCredentialFromRedirectToOtherOrigin() {
        StubTransport wire = new StubTransport(n -> n == 1
                ? new Answer(302, "", Headers.of("location", "https://files.example/r?sig=1"))
                : Answer.of(200, "pdf"));

        StepVerifier.create(builder(wire)
                        .build()
                        .value(ApiRequest.get("report").followRedirects(1).as(Payload.bytes())))
                .assertNext(b -> assertThat(b).asString(StandardCharsets.UTF_8).isEqualTo("pdf"))
                .verifyComplete();

        assertThat(wire.sent)
                .extracting(StubTransport.Sent::line)
                .containsExactly("GET https://api.example.com/v1/report", "GET https://files.example/r?sig=1");
        assertThat(wire.sent.get(1).header("authorization")).isNull();
        assertThat(wire.sent.get(1).headers()).doesNotContain(SECRET);
    }

    @Test
    void resendsSameBytesAndKeyOnResubscription() {
        StubTransport wire = failingFirst(2);
        ApiClient client = builder(SPEC.withKeyPlacement(KeyPlacement.bodyMember("key", "scans")), wire)
                .build();
        Map<String, Object> body = new java.util.HashMap<>(Map.of("target", "t"));
        Mono<?> call = client.value(ApiRequest.post("scans").body(body).idempotencyKey(IdempotencyKey.of("nightly")));

        for (int i = 0; i < 2; i++) {
            StepVerifier.create(call)
                    .then(() -> time.advanceTimeBy(LONG))
                    .expectNextCount(1)
                    .verifyComplete();
            body.put("target", "changed between subscriptions");
        }

        assertThat(wire.sent).hasSize(4);
        assertThat(wire.sent).allSatisfy(s -> assertThat(s.body()).isEqualTo("{\"target\":\"t\",\"key\":\"nightly\"}"));
    }

    @Test
    void startsNewDeadlineWithEachSubscription() {
        StubTransport wire = StubTransport.always(200, "{}");
        Mono<?> call = builder(wire).deadline(Duration.ofSeconds(10)).build().value(ApiRequest.get("usage"));

        StepVerifier.create(call).expectNextCount(1).verifyComplete();
        time.advanceTimeBy(Duration.ofMinutes(1));
        StepVerifier.create(call).expectNextCount(1).verifyComplete();
    }

    @Test
    void leavesRoomForTwoAttemptsInDefaultDeadline() {
        VendorSpec slow = SPEC.withAttemptTimeout(Duration.ofSeconds(65));

        assertThat(builder(slow, StubTransport.always(200, "{}"))
                        .build()
                        .inspect()
                        .explain(ApiRequest.get("x")))
                .contains("deadline 130000 ms")
                .contains("65000 ms");
        assertThat(builder(StubTransport.always(200, "{}")).build().inspect().explain(ApiRequest.get("x")))
                .contains("deadline 60000 ms");
    }

    @Test
    void endsUnansweredAttemptAtDeadline() {
        StubTransport wire = new StubTransport(n -> Answer.of(0, ""));

        ApiException e = failure(builder(wire)
                .deadline(Duration.ofSeconds(3))
                .build()
                .value(ApiRequest.post("scans").body(Map.of("a", 1))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void emitsErrorForRequestThatCannotBePlanned() {
        StubTransport wire = StubTransport.always(200, "{}");

        StepVerifier.create(builder(wire).build().value(ApiRequest.get("scans/{id}")))
                .expectErrorMatches(ErrorKind.INVALID_REQUEST::matches)
                .verify();
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void sendsNothingAfterClose() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = builder(wire).build();
        client.close();

        StepVerifier.create(client.value(ApiRequest.get("usage")))
                .expectErrorMatches(ErrorKind.CLIENT_CLOSED::matches)
                .verify();
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void reportsQuotasAndConnections() {
        StubTransport wire = new StubTransport(
                n -> new Answer(200, "{}", Headers.of("x-ratelimit-remaining", "7", "content-length", "2")));
        ApiClient client = builder(wire).build();

        StepVerifier.create(client.value(ApiRequest.get("usage")))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(client.inspect().quotas())
                .singleElement()
                .satisfies(q -> assertThat(q.remaining()).isEqualTo(7));
        assertThat(client.inspect().connections()).hasSize(1);
        assertThat(client).hasToString("ApiClient[acme, https://api.example.com/v1]");
    }

    // The key in its place

    @Test
    void sendsKeyInVendorsHeader() {
        StubTransport wire = failingFirst(1);
        ApiClient client = builder(SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key")), wire)
                .build();

        StepVerifier.create(client.value(ApiRequest.post("scans").idempotencyKey(IdempotencyKey.of("k"))))
                .then(() -> time.advanceTimeBy(LONG))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(wire.sent)
                .hasSize(2)
                .allSatisfy(s -> assertThat(s.header("Idempotency-Key")).isEqualTo("k"));
    }

    @Test
    void refusesKeyThatIsAlsoSetAsHeader() {
        ApiClient client = builder(
                        SPEC.withKeyPlacement(KeyPlacement.header("Idempotency-Key")), StubTransport.always(200, "{}"))
                .build();

        ApiException e = failure(client.value(
                ApiRequest.post("scans").header("idempotency-key", "other").idempotencyKey(IdempotencyKey.of("k"))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e).hasMessageContaining("header Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource({"GET, scans", "PUT, scans", "PATCH, scans", "POST, other", "POST, scans/7"})
    void refusesKeyForOperationThatTakesNone(Method method, String path) {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = builder(SPEC.withKeyPlacement(KeyPlacement.bodyMember("key", "scans")), wire)
                .build();

        ApiException e = failure(client.value(ApiRequest.of(method, path).idempotencyKey(IdempotencyKey.of("k"))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e).hasMessageContaining("takes none (expected: POST /v1/scans)");
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void refusesKeyForApiWithoutKeys() {
        ApiException e = failure(builder(StubTransport.always(200, "{}"))
                .build()
                .value(ApiRequest.post("scans").idempotencyKey(IdempotencyKey.of("k"))));

        assertThat(e).hasMessageStartingWith("idempotency key: acme documents none");
    }

    @Test
    void refusesBodyMemberKeyForBytes() {
        ApiException e = failure(
                builder(SPEC.withKeyPlacement(KeyPlacement.bodyMember("key", "scans")), StubTransport.always(200, "{}"))
                        .build()
                        .value(ApiRequest.post("scans")
                                .body(new byte[] {1}, "application/octet-stream")
                                .idempotencyKey(IdempotencyKey.of("k"))));

        assertThat(e).hasMessageStartingWith("body: bytes (expected: an object to send as JSON");
    }

    // Bodies and their type

    @Test
    void sendsBodiesWithTheirContentType() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = builder(wire).build();
        for (ApiRequest<?> request : List.of(
                ApiRequest.post("a").body(Map.of("ü", 1)),
                ApiRequest.post("a").body("a,b".getBytes(StandardCharsets.UTF_8), "text/csv"),
                ApiRequest.post("a"))) {
            StepVerifier.create(client.value(request)).expectNextCount(1).verifyComplete();
        }

        assertThat(wire.sent).extracting(StubTransport.Sent::body).containsExactly("{\"ü\":1}", "a,b", null);
        assertThat(wire.sent)
                .extracting(s -> s.header("content-type"))
                .containsExactly("application/json", "text/csv", null);
    }

    @Test
    void prefersRequestHeadersToDefaults() {
        StubTransport wire = StubTransport.always(200, "{}");

        StepVerifier.create(builder(wire)
                        .build()
                        .value(ApiRequest.of(Method.PATCH, "a")
                                .header("Content-Type", "application/merge-patch+json")
                                .header("Accept", "application/problem+json")
                                .header("User-Agent", "nightly/1")
                                .body(Map.of("a", 1))))
                .expectNextCount(1)
                .verifyComplete();

        StubTransport.Sent sent = wire.sent.get(0);
        assertThat(sent.header("content-type")).isEqualTo("application/merge-patch+json");
        assertThat(sent.header("accept")).isEqualTo("application/problem+json");
        assertThat(sent.header("user-agent")).isEqualTo("nightly/1");
    }

    // Operators

    @Test
    void runsPerCallOperatorOnceAndPerAttemptOnEverySend() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        StubTransport wire = failingFirst(2);
        ApiClient client = builder(wire)
                .operator(Operator.Position.PER_CALL, Operator.of("c", (call, next) -> {
                    call.header("x-call", "c" + calls.incrementAndGet());
                    return next.exchange(call);
                }))
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("a", (call, next) -> {
                    call.header("x-attempt", "a" + attempts.incrementAndGet());
                    return next.exchange(call);
                }))
                .build();

        StepVerifier.create(client.value(ApiRequest.get("usage")))
                .then(() -> time.advanceTimeBy(LONG))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(wire.sent).extracting(s -> s.header("x-call")).containsExactly("c1", "c1", "c1");
        assertThat(wire.sent).extracting(s -> s.header("x-attempt")).containsExactly("a1", "a2", "a3");
    }

    private static CircuitBreaker breaker(int calls) {
        return CircuitBreaker.of(
                "acme",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(calls)
                        .minimumNumberOfCalls(calls)
                        .waitDurationInOpenState(Duration.ofHours(1))
                        .build());
    }

    @Test
    void countsEverySendInPerAttemptCircuitBreaker() {
        CircuitBreaker breaker = breaker(3);
        StubTransport wire = StubTransport.always(500, "");
        ApiClient client = builder(wire)
                .operator(
                        Operator.Position.PER_ATTEMPT,
                        Operator.transforming("breaker", CircuitBreakerOperator.of(breaker)))
                .build();

        ApiException e = failure(client.value(ApiRequest.get("usage")));

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(wire.sent).as("the breaker opened inside the call").hasSize(3);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(e.certainty()).as("three attempts ended with 500").isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void countsCallsInPerCallCircuitBreaker() {
        CircuitBreaker breaker = breaker(2);
        StubTransport wire = StubTransport.always(500, "");
        ApiClient client = builder(wire)
                .retry(RetryPolicy.standard().withBudgetShare(1))
                .operator(
                        Operator.Position.PER_CALL,
                        Operator.transforming("breaker", CircuitBreakerOperator.of(breaker)))
                .build();

        for (int i = 0; i < 2; i++) {
            assertThatObject(failure(client.value(ApiRequest.get("usage"))).kind())
                    .isEqualTo(ErrorKind.SERVER_ERROR);
        }
        ApiException e = failure(client.value(ApiRequest.get("usage")));

        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isEqualTo(2);
        assertThat(wire.sent).hasSize(10);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    @ParameterizedTest
    @EnumSource(Operator.Position.class)
    void reportsThrowingOperatorAsOperatorFailure(Operator.Position position) {
        IllegalStateException bug = new IllegalStateException("bug");
        StubTransport wire = StubTransport.always(200, "{}");

        ApiException e = failure(builder(wire)
                .operator(position, Operator.of("broken", (call, next) -> {
                    throw bug;
                }))
                .build()
                .value(ApiRequest.get("usage")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasCause(bug);
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(e.journey().startedAt()).isEqualTo(java.time.Instant.EPOCH);
        assertThat(e.journey().toString()).startsWith("GET /v1/usage");
        assertThat(wire.sent).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Operator.Position.class)
    @SuppressWarnings("NullAway") // as an operator written without null checks may do
    void reportsNullFromOperatorAsOperatorFailure(Operator.Position position) {
        ApiException e = failure(builder(StubTransport.always(200, "{}"))
                .operator(position, Operator.of("broken", (call, next) -> null))
                .build()
                .value(ApiRequest.get("usage")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
    }

    /** NOT_SENT would let a caller repeat the order while the first one is still under way. */
    @Test
    void reportsMaybeProcessedWhenOperatorTimesOutDuringAttempt() {
        StubTransport wire = new StubTransport(n -> Answer.of(0, ""));
        ApiClient client = builder(wire)
                .operator(
                        Operator.Position.PER_CALL,
                        Operator.transforming("timeout", p -> Mono.from(p).timeout(Duration.ofSeconds(2), time)))
                .build();

        ApiException e = failure(client.value(ApiRequest.post("scans").body(Map.of("a", 1))));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(wire.sent).hasSize(1);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void reportsPossibleEffectWhenOperatorFailsAfterReply() {
        ApiException e = failure(builder(StubTransport.always(200, "{}"))
                .operator(
                        Operator.Position.PER_CALL,
                        Operator.of(
                                "picky",
                                (call, next) -> next.exchange(call).map(r -> {
                                    throw new IllegalStateException("bug");
                                })))
                .build()
                .value(ApiRequest.post("scans")));

        assertThat(e.certainty().mayHaveActed()).isTrue();
        assertThat(e.journey().attempts()).hasSize(1);
    }

    @Test
    void endsCallAtDeadlineWhenOperatorNeverEnds() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = builder(wire)
                .operator(
                        Operator.Position.PER_CALL,
                        Operator.of(
                                "endless", (call, next) -> next.exchange(call).then(Mono.never())))
                .build();

        ApiException e = failure(client.value(ApiRequest.post("scans")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.certainty().mayHaveActed()).isTrue();
        assertThat(e.journey().attempts()).hasSize(1);
        assertThat(e.journey().elapsed()).isBetween(Duration.ofSeconds(60), Duration.ofMillis(60_100));
    }

    /** The NOT_SENT of the other client is not about this call: believing it would send the order twice. */
    @Test
    void doesNotRetryUnsafeCallForFailureOfAnotherClient() {
        StubTransport wire = StubTransport.always(201, "{}");
        ApiClient client = builder(wire)
                .operator(
                        Operator.Position.PER_ATTEMPT,
                        Operator.of(
                                "audit",
                                (call, next) -> next.exchange(call)
                                        .flatMap(r -> Mono.error(new ApiException(Failure.of(
                                                ErrorKind.CONNECT,
                                                Certainty.NOT_SENT,
                                                Retryability.TRANSIENT,
                                                "connection refused"))))))
                .build();

        ApiException e = failure(client.value(ApiRequest.post("scans")));

        assertThat(wire.sent).hasSize(1);
        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(e).hasCauseInstanceOf(ApiException.class);
    }

    @Test
    void runsPerCallOperatorOnceAndKeepsItsHeadersOffRedirect() {
        StubTransport wire = new StubTransport(n -> n == 1
                ? new Answer(302, "", Headers.of("location", "https://files.example/r"))
                : Answer.of(200, "pdf"));
        List<String> seen = new ArrayList<>();
        ApiClient client = builder(wire)
                .operator(Operator.Position.PER_CALL, Operator.of("tag", (call, next) -> {
                    seen.add(call.plan().target());
                    call.header("x-tag", "internal");
                    return next.exchange(call);
                }))
                .build();

        client.value(ApiRequest.get("report").followRedirects(1).as(Payload.bytes()))
                .block();

        assertThat(seen).containsExactly("/v1/report");
        assertThat(wire.sent.get(0).header("x-tag")).isEqualTo("internal");
        assertThat(wire.sent.get(1).header("x-tag")).isNull();
    }

    // explain

    @Test
    void explainsStagesWithoutSecretsOrSending() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = builder(SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key")), wire)
                .operator(Operator.Position.PER_CALL, Operator.of("mine", (call, next) -> next.exchange(call)))
                .build();

        String explained = client.inspect()
                .explain(ApiRequest.post("scans")
                        .query("token", "s3cr3t")
                        .header("x-a", "s3cr3t")
                        .body(Map.of("password", "s3cr3t"))
                        .idempotencyKey(IdempotencyKey.of("nightly")));

        assertThat(explained.lines())
                .first()
                .isEqualTo("POST https://api.example.com/v1/scans  KEYED key=nightly, deadline 60000 ms");
        assertThat(explained).contains("mine", "a stub", "authorization: Bearer ****, to https://api.example.com only");
        assertThat(explained).doesNotContain(SECRET).doesNotContain("s3cr3t");
        assertThat(wire.sent).isEmpty();
    }

    // The builder

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.com",
                "ftp://api.example.com",
                "mailto:a@b.c",
                "https://",
                "https:///v1",
                "http://a b/",
                "https://user:s3cr3t@api.example.com/",
                "https://api.example.com/v1?key=s3cr3t",
                "https://api.example.com/#s3cr3t",
                "https://user:s3cr3t@api example/",
                "https://a b/?k=s3cr3t",
                "ftp://a/?k=s3cr3t",
                "https://api.example.com:port/",
                "://",
                "https://api_x.example.com:1:2"
            })
    void refusesInvalidBaseUriWithoutShowingSecrets(String uri) {
        assertThatThrownBy(() -> builder(StubTransport.always(200, "")).baseUri(uri))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("baseUri: ")
                .hasMessageContaining("(expected: http or https, a host,")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void sendsToReplacedBaseUri() {
        StubTransport wire = StubTransport.always(200, "{}");

        StepVerifier.create(
                        builder(wire).baseUri("http://localhost:8080/x").build().value(ApiRequest.get("usage")))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(wire.sent.get(0).line()).isEqualTo("GET http://localhost:8080/x/usage");
        assertThat(wire.sent.get(0).header("authorization"))
                .as("the credential belongs to the client's base URI")
                .isNotNull();
    }

    @Test
    void refusesLimitsOutOfRange() {
        ApiClientBuilder builder = builder(StubTransport.always(200, ""));
        assertThatThrownBy(() -> builder.deadline(Duration.ZERO))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("deadline: PT0S (expected: more than zero)");
        assertThatThrownBy(() -> builder.attemptTimeout(Duration.ofSeconds(-1)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("attemptTimeout: PT-1S (expected: more than zero)");
        assertThatThrownBy(() -> builder.attemptTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("attemptTimeout: ");
        assertThatThrownBy(() -> builder.maxResponseBytes(1023))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("maxResponseBytes: 1023 (expected: >= 1024)");
    }
}
