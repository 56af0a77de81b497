package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.StubTransport.Sent;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Calls that are answered with a 3xx: redirects and 304 Not Modified. */
class MovedAndUnchangedTest {

    private static final String SECRET = "pk_live_0123456789abcdef";

    private final Lab lab = new Lab();

    private static Answer answer(int status, String... headers) {
        return new Answer(status, status == 200 ? "{\"id\":17}" : "", Headers.of(headers));
    }

    private ApiClient client(StubTransport wire) {
        return lab.client(Lab.SPEC.withKeyPlacement(KeyPlacement.header("idempotency-key")), wire)
                .secret(Secret.of(SECRET))
                .header("x-tenant", "blue")
                .build();
    }

    private static StubTransport moving(int status, String location) {
        return new StubTransport((n, call) ->
                n == 1 ? answer(status, "location", location) : answer(200, "content-type", "application/json"));
    }

    // ---- moved

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsWithinTheOriginWithCredentialAndHeaders(int status) {
        StubTransport wire = moving(status, "/repositories/17");
        ApiResponse<JsonNode> response = lab.value(client(wire)
                .execute(ApiRequest.get("repos/old")
                        .query("page", 2)
                        .header("if-none-match", "\"v1\"")
                        .followRedirects(1)));

        assertThat(response.status()).isEqualTo(200);
        Sent first = wire.sent.get(0);
        Sent second = wire.sent.get(1);
        assertThat(second.line()).isEqualTo("GET https://api.example.com/repositories/17");
        assertThat(second.headers()).containsExactlyElementsOf(first.headers());
        assertThat(second.header("authorization")).isEqualTo("Bearer " + SECRET);
        assertThat(second.header("user-agent")).isEqualTo("penstock");
        assertThat(second.header("x-tenant")).isEqualTo("blue");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com:8443/a",
                "https://files.api.example.com/a",
                "https://example.com/a",
                "//files.example/a"
            })
    void sendsOnlyAcceptHeaderToOtherOrigin(String location) {
        StubTransport wire = moving(302, location);
        lab.value(client(wire).execute(ApiRequest.get("a").header("x-a", "b").followRedirects(1)));

        assertThat(wire.sent.get(1).headers()).containsExactly("accept", "application/json");
    }

    @Test
    void sendsOnlyAcceptHeaderFromHttpToHttps() {
        StubTransport wire = moving(301, "https://localhost/a");
        ApiClient client = lab.client(wire)
                .baseUri("http://localhost/v1/")
                .secret(Secret.of(SECRET))
                .build();
        lab.value(client.execute(ApiRequest.get("a").followRedirects(1)));

        assertThat(wire.sent.get(1).headers()).containsExactly("accept", "application/json");
    }

    @Test
    void endsRedirectLoopAtTheLimit() {
        StubTransport wire = new StubTransport((n, call) -> answer(302, "location", ""));

        ApiException failure =
                lab.failure(client(wire).execute(ApiRequest.get("a").followRedirects(10)));

        assertThat(failure.status()).isEqualTo(302);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(failure.journey().timeline()).contains("no more redirects are allowed: 302 not followed");
        assertThat(wire.sent).hasSize(11);
    }

    @ParameterizedTest
    @CsvSource({"307, REJECTED", "308, REJECTED", "301, MAYBE_PROCESSED", "302, MAYBE_PROCESSED", "303, MAYBE_PROCESSED"
    })
    void reportsWhetherUnfollowedPostMayHaveActed(int status, Certainty certainty) {
        StubTransport wire = moving(status, "/new");

        ApiException failure =
                lab.failure(client(wire).execute(ApiRequest.post("old").body(Map.of("a", 1))));

        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(failure.safeToRepeat()).isEqualTo(certainty == Certainty.REJECTED);
        assertThat(wire.sent).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void followsWithMethodAndBodyWhenRequestAllowsIt(Method method) {
        for (int status : List.of(307, 308)) {
            StubTransport wire = moving(status, "/new");
            ApiRequest<JsonNode> request =
                    ApiRequest.of(method, "old").body(Map.of("a", 1)).followRedirectsWithBody(1);

            lab.value(client(wire).execute(request));

            assertThat(wire.sent.get(1).line()).isEqualTo(method + " https://api.example.com/new");
            assertThat(wire.sent.get(1).body()).isEqualTo("{\"a\":1}");
            assertThat(wire.sent.get(1).headers()).isEqualTo(wire.sent.get(0).headers());
        }
    }

    @Test
    void keepsTheIdempotencyKeyWithinTheOriginOnly() {
        for (String location : List.of("/new", "https://other.example/new")) {
            StubTransport wire = moving(307, location);
            lab.value(client(wire)
                    .execute(ApiRequest.post("old")
                            .body(Map.of("a", 1))
                            .idempotencyKey(IdempotencyKey.of("nightly"))
                            .followRedirectsWithBody(1)));

            Sent second = wire.sent.get(1);
            boolean within = location.startsWith("/");
            assertThat(second.body()).isEqualTo("{\"a\":1}");
            assertThat(second.header("content-type")).isEqualTo("application/json");
            assertThat(second.header("idempotency-key")).isEqualTo(within ? "nightly" : null);
            assertThat(second.header("authorization")).isEqualTo(within ? "Bearer " + SECRET : null);
            assertThat(second.header("x-tenant")).isEqualTo(within ? "blue" : null);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303})
    void doesNotFollowRedirectThatTurnsPostIntoGet(int status) {
        StubTransport wire = moving(status, "/new");

        ApiException failure =
                lab.failure(client(wire).execute(ApiRequest.post("old").followRedirectsWithBody(3)));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void doesNotRetryUnsafePostAfterRedirect() {
        StubTransport wire = new StubTransport((n, call) -> n == 1 ? answer(307, "location", "/new") : answer(500));

        ApiException failure =
                lab.failure(client(wire).execute(ApiRequest.post("old").followRedirectsWithBody(1)));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(wire.sent).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 11})
    void refusesRedirectLimitOutOfRange(int most) {
        assertThatThrownBy(() -> ApiRequest.post("a").followRedirectsWithBody(most))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("followRedirectsWithBody: " + most + " (expected: 0 to 10)");
    }

    // ---- unchanged

    @ParameterizedTest
    @CsvSource({"0, if-none-match", "3, if-none-match", "0, if-modified-since", "3, If-Modified-Since"})
    void returnsResponseWithoutValueOnNotModified(int redirects, String condition) {
        StubTransport wire = new StubTransport(n -> answer(304, "etag", "\"v1\"", "content-length", "1234"));
        ApiRequest<JsonNode> request =
                ApiRequest.get("a").header(condition, "\"v1\"").followRedirects(redirects);

        ApiResponse<JsonNode> response = lab.value(client(wire).execute(request));

        assertThat(response.status()).isEqualTo(304);
        assertThat(response.value()).isNull();
        assertThat(response.headers().first("etag")).isEqualTo("\"v1\"");
        assertThat(response.journey().notes()).isEmpty();
        assertThat(client(wire).value(request).blockOptional()).isEmpty();
        assertThat(client(wire).value(request.as(Payload.bytes())).blockOptional())
                .isEmpty();
    }

    @Test
    void followsRedirectToNotModified() {
        StubTransport wire = new StubTransport(n -> n == 1 ? answer(301, "location", "/new") : answer(304));

        ApiResponse<JsonNode> response = lab.value(client(wire)
                .execute(ApiRequest.get("a").header("if-none-match", "\"v1\"").followRedirects(1)));

        assertThat(response.status()).isEqualTo(304);
    }

    @Test
    void failsStreamsEventsAndListsOnNotModified() {
        StubTransport wire = new StubTransport(n -> answer(304, "etag", "\"v1\""));
        ApiClient client = client(wire);
        ApiRequest<JsonNode> request = ApiRequest.get("a").header("if-none-match", "\"v1\"");
        ApiRequest<Page<JsonNode>> list = request.as(Payload.page(JsonNode.class, List.of("items"), List.of("next")));

        for (Flux<?> stream : List.of(
                client.stream(request.elements(JsonNode.class)),
                client.stream(request.lines(JsonNode.class)),
                client.events(request),
                client.pages(list, Paging.cursor("after")).items())) {
            ApiException failure = lab.failure(stream.then());
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
            assertThat(failure.status()).isEqualTo(304);
            assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
            assertThat(failure.journey().attempts()).hasSize(1);
        }
        assertThat(wire.sent).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"GET", "POST"})
    void failsOnUnrequestedNotModified(Method method) {
        StubTransport wire = new StubTransport(n -> answer(304));
        ApiRequest<JsonNode> request = ApiRequest.of(method, "a");

        ApiException failure = lab.failure(
                client(wire).execute(method == Method.POST ? request.header("if-none-match", "\"v1\"") : request));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure).hasMessageNotContaining("Location");
        assertThat(wire.sent).hasSize(1);
    }
}
