package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.TokenServer.AcmeException;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.circuit.CircuitState;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls whose token cannot be obtained. */
class TokenExchangeFailureTest {

    private static final ApiRequest<JsonNode> THINGS = ApiRequest.get("things");

    private final Lab lab = new Lab();
    private final TokenServer server = new TokenServer();

    private ApiClient client() {
        return builder(TokenServer.spec(Duration.ZERO)).build();
    }

    private ApiClientBuilder builder(VendorSpec spec) {
        return lab.client(spec, server.wire()).secret(Secret.of(TokenServer.SECRET));
    }

    @ParameterizedTest
    @CsvSource({
        "400, VALIDATION,       PERMANENT",
        "401, AUTHENTICATION,   PERMANENT",
        "402, PAYMENT_REQUIRED, AFTER_ACTION",
        "403, PERMISSION,       PERMANENT",
        "404, AUTHENTICATION,   PERMANENT",
        "409, AUTHENTICATION,   PERMANENT",
        "410, AUTHENTICATION,   PERMANENT",
        "429, RATE_LIMITED,     TRANSIENT",
        "500, SERVER_ERROR,     TRANSIENT",
        "503, UNAVAILABLE,      TRANSIENT"
    })
    void failsWithTheExchangesOwnFailure(int status, ErrorKind kind, Retryability retryability) {
        server.down(TokenServer.answer(status, "{\"message\":\"no more logins today\"}", "x-request-id", "req-7"));

        ApiException failure = lab.failure(builder(TokenServer.spec(Duration.ZERO))
                .retry(Lab.STEADY.withMaxAttempts(2))
                .build()
                .value(THINGS));

        assertThat(failure).isInstanceOf(AcmeException.class);
        assertThat(failure.status()).isEqualTo(status);
        assertThatObject(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryability()).isEqualTo(retryability);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.serverMessage()).isEqualTo("no more logins today");
        assertThat(failure.requestId()).isEqualTo("req-7");
        assertThat(failure).hasMessageStartingWith("no token: exchange POST token: " + status + " ");
        assertThat(failure.journey().timeline()).contains("exchange POST token");
        assertThat(failure.journey().toString()).contains("GET /v1/things").contains("exchange POST token");
        assertThat(server.exchanges).isEqualTo(retryability == Retryability.TRANSIENT ? 2 : 1);
        assertThat(server.wire().sent).hasSize(server.exchanges);
    }

    @Test
    void reportsWaitThatTokenServerAsksFor() {
        server.down(TokenServer.answer(429, "{}", "retry-after", "90"));

        ApiException failure = lab.failure(client().value(THINGS.deadline(Duration.ofSeconds(20))));

        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(failure.retryAt()).isNotNull();
        assertThat(server.exchanges).isEqualTo(1);
    }

    @Test
    void sendsNoExchangeWhileTokenServerAsksToWait() {
        server.then(TokenServer.answer(503, "{\"message\":\"busy\"}", "retry-after", "30"));
        ApiClient client = client();
        List<Object> done = new ArrayList<>();
        client.value(THINGS).subscribe(done::add, done::add);
        for (int i = 0; i < 10; i++) {
            client.value(THINGS).subscribe(done::add, done::add);
            lab.time.advanceTimeBy(Duration.ofSeconds(2));
        }
        client.value(THINGS.deadline(Duration.ofSeconds(1))).subscribe(done::add, done::add);
        assertThat(done).singleElement().isInstanceOf(AcmeException.class);
        assertThat(((ApiException) done.get(0)).retryAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(server.exchanges).isEqualTo(1);

        lab.time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(done).hasSize(12);
        assertThat(done.subList(1, 12)).allMatch(d -> d instanceof JsonNode);
        assertThat(server.exchanges).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void repeatsTransientExchangeWithinTheDeadlineOfTheCall(int status) {
        server.then(TokenServer.answer(status, "{}")).then(TokenServer.answer(status, "{}"));
        ApiClient client = client();
        List<Object> done = new ArrayList<>();
        client.execute(ApiRequest.post("things")).subscribe(done::add, done::add);
        lab.time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(done).singleElement().isInstanceOf(ApiResponse.class);
        Journey journey = ((ApiResponse<?>) done.get(0)).journey();
        assertThat(journey.attempts()).hasSize(3);
        assertThat(journey.timeline()).contains("exchange POST token: " + status);
        assertThat(server.exchanges).isEqualTo(3);
    }

    @Test
    void repeatsTransientExchangeForMethodsThatTheVendorRestricts() {
        server.then(TokenServer.answer(503, "{}"));
        ApiClient client = builder(TokenServer.spec(Duration.ZERO))
                .retry(Lab.STEADY.withRestrictions(RetryRestriction.onlyUnanswered(Set.of(Method.PUT))))
                .build();

        assertThat(lab.value(client.value(ApiRequest.put("things"))).toString()).contains("token-1");
    }

    @Test
    void repeatsNoExchangeThatTheVendorRestricts() {
        server.then(TokenServer.answer(500, "{}"));
        ApiClient client = builder(TokenServer.spec(Duration.ZERO)
                        .withRetry(Lab.STEADY.withRestrictions(RetryRestriction.onlyUnanswered(Set.of(Method.POST)))))
                .build();

        ApiException failure = lab.failure(client.value(THINGS));

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.retryability()).isEqualTo(Retryability.TRANSIENT);
        assertThat(server.exchanges).isEqualTo(1);
        assertThat(lab.value(client.value(THINGS)).toString())
                .as("the next call")
                .contains("token-1");
    }

    @Test
    void repeatsExchangeThatIsNotAnswered() {
        server.then(TokenServer.answer(0, ""));

        assertThat(lab.value(client().value(THINGS)).toString()).contains("token-1");
    }

    @Test
    void keepsTheDeadlineOfTheCallWhileTheExchangeHangs() {
        server.down(TokenServer.answer(0, ""));
        ApiException failure = lab.failure(client().value(THINGS.deadline(Duration.ofSeconds(3))));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.journey().elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void keepsServerErrorWhenNoTimeIsLeftForAnotherExchange() {
        server.down(TokenServer.answer(503, "{\"message\":\"busy\"}"));
        ApiException failure = lab.failure(client().value(THINGS.deadline(Duration.ofMillis(1500))));

        assertThat(failure.status()).isEqualTo(503);
        assertThat(server.exchanges).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>access_token=s3cr3t-token-77</html>",
                "access_token=s3cr3t-token-77",
                "[]",
                "{}",
                "{\"access_token\":[7]}",
                "{\"access_token\":null}",
                "{\"access_token\":\"s3cr3t-token-77\\n\"}",
                "{\"access_token\":\" s3cr3t-token-77\"}",
                "{\"access_token\":\"s3cr3t-token-77\\t\"}",
                "{\"access_token\":\"s3cr3t-token-77\\u0000\"}",
                "{\"access_token\":\"s3cr3t-token-77\\u00e9\"}"
            })
    void failsOnceWithoutShowingAnswerThatHoldsNoToken(String body) {
        server.then(TokenServer.answer(200, body));
        ApiClient client = client();

        ApiException failure = lab.failure(client.value(THINGS));

        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure).hasMessageStartingWith("no token: exchange POST token: ");
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(everythingOf(failure)).doesNotContain("s3cr3t-token-77");
        assertThat(server.exchanges).isEqualTo(1);
        assertThat(client.inspect().circuits()).allMatch(c -> c.phase() == CircuitState.Phase.CLOSED);
        assertThat(lab.value(client.value(THINGS)).toString())
                .as("the next call")
                .contains("token-1");
    }

    private static String everythingOf(ApiException failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            all.append(t);
        }
        return all
                + failure.journey().timeline()
                + failure.journey().toJson()
                + failure.bodyExcerpt()
                + failure.serverMessage()
                + failure.details()
                + failure.fieldErrors()
                + failure.failure();
    }

    @Test
    void showsNoSecretThatTheTokenServerEchoes() {
        ErrorModel telling = ErrorModel.byStatusOnly()
                .withShape(ErrorShape.messageOnly()
                        .withDetails("/sent")
                        .withFields(FieldShape.at("/errors", "name", "", "text")));
        String secret = TokenServer.SECRET;
        server.down(TokenServer.answer(
                400,
                "{\"message\":\"unknown " + secret + "\",\"sent\":{\"a\":\"" + secret
                        + "\"},\"errors\":[{\"name\":\"a\",\"text\":\"not " + secret + "\",\"value\":\"" + secret
                        + "\"}]}"));

        ApiException failure =
                lab.failure(builder(TokenServer.spec(Duration.ZERO).withErrors(telling))
                        .build()
                        .value(THINGS));

        assertThat(failure.serverMessage()).isEqualTo("unknown ****");
        assertThat(failure.fieldErrors()).singleElement().satisfies(e -> {
            assertThat(e.message()).isEqualTo("not ****");
            assertThat(e.more()).isEmpty();
        });
        assertThat(everythingOf(failure)).doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hidesExceptionsOfRequestAndReader(boolean request) {
        BiFunction<JsonNode, Instant, AccessToken> reader = (answer, now) -> {
            throw new IllegalArgumentException("what is " + answer + "?");
        };
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> {
                    if (request) {
                        throw new IllegalStateException("bad secret " + secret.reveal());
                    }
                    return ApiRequest.post("token");
                },
                reader,
                Duration.ZERO);
        ApiClient client = builder(
                        Lab.SPEC.withCredential(CredentialScheme.bearer().exchangedBy(exchange)))
                .build();

        ApiException failure = lab.failure(client.value(THINGS));

        assertThatObject(failure.kind()).isEqualTo(request ? ErrorKind.INVALID_REQUEST : ErrorKind.UNDECODABLE);
        assertThat(everythingOf(failure)).doesNotContain(TokenServer.SECRET).doesNotContain("token-1");
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    /** A DELETE whose answer was lost takes a 404 for success; the 404 of a token server is not such an answer. */
    @Test
    void doesNotTakeRefusedExchangeForAnswerToCall() {
        server.life = "1";
        server.breakAnswersTo("DELETE");
        server.then(TokenServer.answer(200, "{\"access_token\":\"token-0\",\"expires_in\":1}"))
                .then(TokenServer.answer(404, "{\"message\":\"no such login\"}"));

        ApiException failure = lab.failure(client().value(ApiRequest.delete("things/7")));

        assertThat(failure.status()).isEqualTo(404);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void leavesTheCallSafeToRepeat() {
        server.down(TokenServer.answer(500, "{}"));
        ApiClient client = builder(
                        TokenServer.spec(Duration.ZERO).withKeyPlacement(KeyPlacement.header("idempotency-key")))
                .build();

        ApiException unkeyed = lab.failure(client.value(ApiRequest.post("things")));
        ApiException keyed =
                lab.failure(client.value(ApiRequest.post("things").idempotencyKey(IdempotencyKey.of("nightly"))));

        assertThat(unkeyed.safeToRepeat()).isTrue();
        assertThat(keyed.safeToRepeat()).isTrue();
    }

    @Test
    void renewsTokenAfter401MissingFromErrorTable() {
        ApiClient client = builder(TokenServer.spec(Duration.ZERO).withErrors(ErrorModel.byStatusOnly()))
                .build();
        server.revoke("token-1");

        assertThat(lab.value(client.value(THINGS)).toString()).contains("token-2");
    }

    @Test
    void replacesMalformedTokenOnceBeforeTheRefusalIsPermanent() {
        VendorSpec spec = TokenServer.spec(Duration.ZERO)
                .withErrors(ErrorModel.byStatusOnly()
                        .withTable(ErrorTable.ofCases(ErrorCase.ofStatus(
                                401, ErrorRule.malformedCredential().withRemedy("use a key that fits"))))
                        .withExceptions(AcmeException::new));
        ApiClient client = builder(spec).build();
        server.life = null;
        server.revoke("token-1");
        assertThat(lab.value(client.value(THINGS)).toString()).contains("token-2");

        server.revoke("token-2");
        server.revoke("token-3");
        ApiException failure = lab.failure(client.value(THINGS));

        assertThat(failure).isInstanceOf(AcmeException.class);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.remedy()).isEqualTo("use a key that fits");
        assertThat(failure.journey().attempts()).hasSize(2);
        assertThat(server.exchanges).isEqualTo(3);
    }
}
