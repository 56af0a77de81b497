package io.penstock.test.simulator.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PentifyAccessTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PentifySimulator pentify =
            PentifySimulator.start(PentifyRules.documented().withClock(clock).withRequestsPerMinutePerKey(20));

    @Test
    void grantsEveryScopeToSecret() throws Exception {
        Answer profile = new Caller(pentify).get("/v1/profile");
        assertThat(profile.status()).isEqualTo(200);
        assertThat(profile.json().at("/key/prefix").stringValue())
                .isEqualTo(pentify.secret().substring(0, 12));
        assertThat(profile.json().at("/key/scopes")).hasSize(7);
    }

    @Test
    void rejectsMissingKey() throws Exception {
        Answer answer = Caller.anonymous(URI.create(pentify.baseUri() + "/usage"));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("invalid_api_key");
    }

    @Test
    void rejectsUnknownKey() throws Exception {
        Answer answer = new Caller(pentify, "pk_test_00000000000000000000000000").get("/v1/usage");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("invalid_api_key");
    }

    @Test
    void rejectsRevokedKeyAtOnce() throws Exception {
        String key = pentify.issueKey();
        Caller caller = new Caller(pentify, key);
        assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
        pentify.revoke(key);
        assertThat(caller.get("/v1/usage").code()).isEqualTo("invalid_api_key");
        assertThat(new Caller(pentify).get("/v1/usage").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "scans:read,     GET,    /v1/scans",
        "scans:write,    POST,   /v1/scans",
        "scans:read,     GET,    /v1/scans/scn_1",
        "reports:read,   GET,    /v1/scans/scn_1/report",
        "targets:read,   GET,    /v1/targets",
        "targets:write,  POST,   /v1/targets",
        "targets:write,  POST,   /v1/targets/tgt_1/verify",
        "webhooks:write, GET,    /v1/webhooks",
        "webhooks:write, POST,   /v1/webhooks",
        "webhooks:write, GET,    /v1/webhooks/whk_1",
        "webhooks:write, DELETE, /v1/webhooks/whk_1",
        "usage:read,     GET,    /v1/usage",
        "usage:read,     GET,    /v1/profile",
    })
    void requiresExactlyTheScopeOfOperation(String scope, String method, String path) throws Exception {
        String[] others =
                Keys.SCOPES.stream().filter(other -> !other.equals(scope)).toArray(String[]::new);
        Answer refused = call(new Caller(pentify, pentify.issueKey(others)), method, path);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("insufficient_scope");
        Answer admitted = call(new Caller(pentify, pentify.issueKey(scope)), method, path);
        assertThat(admitted.status()).isNotIn(401, 403);
    }

    @Test
    void reportsUnknownScopeAsMistakeOfTest() {
        assertThatThrownBy(() -> pentify.issueKey("scans:delete"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("scope: scans:delete (expected one of: scans:read, ");
    }

    @Test
    void answersErrorsInEnvelopeAndAlwaysWithRequestId() throws Exception {
        Answer error = new Caller(pentify).get("/v1/scans/scn_none");
        assertThat(error.status()).isEqualTo(404);
        assertThat(error.header("content-type")).isEqualTo("application/json");
        assertThat(error.json().propertyNames()).containsExactly("error");
        assertThat(error.json().get("error").propertyNames()).containsExactly("code", "message", "request_id");
        assertThat(error.header("x-request-id"))
                .matches("req_[0-9A-HJKMNP-TV-Z]{26}")
                .isEqualTo(error.json().at("/error/request_id").stringValue());
        assertThat(new Caller(pentify).get("/v1/usage").header("x-request-id")).startsWith("req_");
    }

    @Test
    void limitsEachKeyUntilWindowEnds() throws Exception {
        Caller caller = new Caller(pentify);
        for (int i = 0; i < 20; i++) {
            assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
        }
        clock.advance(Duration.ofMillis(47_500));
        Answer refused = caller.get("/v1/usage");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("13");
        assertThat(refused.text())
                .isEqualTo("{\"error\":{\"code\":\"rate_limited\","
                        + "\"message\":\"Rate limit exceeded for this API key.\",\"request_id\":\""
                        + refused.header("x-request-id") + "\"}}");
        assertThat(new Caller(pentify, pentify.issueKey()).get("/v1/usage").status())
                .isEqualTo(200);
        clock.advance(Duration.ofMillis(12_499));
        assertThat(caller.get("/v1/usage").header("retry-after")).isEqualTo("1");
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
    }

    @Test
    void causesNoEffectWhenLimited() throws Exception {
        Caller caller = new Caller(pentify);
        for (int i = 0; i < 21; i++) {
            caller.scan("example.com", "quick");
        }
        assertThat(pentify.effects().count("POST /v1/scans")).isEqualTo(20);
        assertThat(pentify.requests().of("POST", "/v1/scans")).hasSize(21);
    }

    @Test
    void limitsPublicPathsPerAddress() throws Exception {
        List<String> paths = List.of("/openapi.json", "/healthz", "/token-packs");
        for (int i = 0; i < 30; i++) {
            assertThat(Caller.anonymous(pentify.origin().resolve(paths.get(i % 3)))
                            .status())
                    .isEqualTo(200);
        }
        Answer refused = Caller.anonymous(pentify.origin().resolve("/healthz"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("60");
        assertThat(refused.code()).isEqualTo("rate_limited");
        assertThat(new Caller(pentify).get("/v1/usage").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(Caller.anonymous(pentify.origin().resolve("/healthz")).status())
                .isEqualTo(200);
    }

    @Test
    void rejectsUnknownPathsAndMethods() throws Exception {
        Caller caller = new Caller(pentify);
        assertThat(caller.get("/v1/nothing").code()).isEqualTo("not_found");
        assertThat(caller.get("/nothing").code()).isEqualTo("not_found");
        assertThat(caller.get("/v1/scans/").code()).isEqualTo("not_found");
        assertThat(caller.get("/v1/scans/a/b/report").code()).isEqualTo("not_found");
        assertThat(caller.delete("/v1/scans").code()).isEqualTo("not_found");
        assertThat(caller.post("/healthz", "{}").code()).isEqualTo("not_found");
    }

    private static Answer call(Caller caller, String method, String path) throws Exception {
        return switch (method) {
            case "GET" -> caller.get(path);
            case "POST" -> caller.post(path, "{}");
            default -> caller.delete(path);
        };
    }
}
