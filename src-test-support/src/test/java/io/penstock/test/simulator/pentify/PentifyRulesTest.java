package io.penstock.test.simulator.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PentifyRulesTest {

    @AutoClose
    private final Running<PentifySimulator, PentifyRules> running =
            new Running<>(PentifyRules.documented(), PentifySimulator::start);

    @ParameterizedTest
    @ValueSource(ints = {403, 409})
    void rejectsUnverifiedTargetWithConfiguredStatus(int status) throws Exception {
        PentifySimulator pentify = running.start(rules -> rules.withNotVerifiedStatus(status));
        pentify.markUnverified("example.com");
        Answer refused = new Caller(pentify).scan("example.com", "quick");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo("target_not_verified");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void answersReplayWithConfiguredStatus(int status) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withReplayStatus(status)));
        assertThat(caller.keyedScan("example.com", "k").status()).isEqualTo(201);
        assertThat(caller.keyedScan("example.com", "k").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_error", "internal_error"})
    void sendsConfiguredServerErrorCode(String code) throws Exception {
        PentifySimulator pentify = running.start(rules -> rules.withServerErrorCode(code));
        pentify.faults().next(Fault.status(500));
        assertThat(new Caller(pentify).get("/v1/usage").code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"ROOT,200,404", "UNDER_V1,404,200", "BOTH,200,200"})
    void servesHealthCheckAtConfiguredPath(HealthPath path, int atRoot, int underV1) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withHealthPath(path)));
        assertThat(caller.get("/healthz").status()).isEqualTo(atRoot);
        assertThat(caller.get("/v1/healthz").status()).isEqualTo(underV1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void includesRequestIdInPaymentErrorAsConfigured(boolean present) throws Exception {
        PentifySimulator pentify = running.start(rules -> rules.withRequestIdInPaymentError(present));
        pentify.balance(0);
        Answer refused = new Caller(pentify).get("/v1/usage");
        assertThat(refused.code()).isEqualTo("insufficient_tokens");
        assertThat(refused.json().get("error").has("request_id")).isEqualTo(present);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsRequestIdHeaderAsConfigured(boolean present) throws Exception {
        Answer answer = new Caller(running.start(rules -> rules.withRequestIdHeader(present))).get("/v1/usage");
        assertThat(answer.header("x-request-id").isEmpty()).isNotEqualTo(present);
    }

    @ParameterizedTest
    @CsvSource({"BARE_ARRAY,''", "DATA,/data", "ITEMS,/items", "PLURAL,/scans"})
    void listsInConfiguredShape(ListShape shape, String pointer) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withListShape(shape)));
        String id = caller.scan("example.com", "quick").id();
        JsonNode list = caller.get("/v1/scans").json();
        assertThat(list.at(pointer).isArray()).isTrue();
        assertThat(list.at(pointer).get(0).get("id").stringValue()).isEqualTo(id);
    }

    @Test
    void cutsListAtLimitSilently() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withListLimit(2)));
        for (int i = 0; i < 3; i++) {
            caller.scan("example.com", "quick");
        }
        JsonNode list = caller.get("/v1/scans").json();
        assertThat(list.propertyNames()).containsExactly("data");
        assertThat(list.get("data")).hasSize(2);
        assertThat(caller.get("/v1/scans?cursor=2").json()).isEqualTo(list);
    }

    @Test
    void listsHundredByDefault() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withRequestsPerMinutePerKey(1_000)));
        for (int i = 0; i < 101; i++) {
            caller.scan("example.com", "quick");
        }
        assertThat(caller.get("/v1/scans").json().get("data")).hasSize(100);
    }

    @Test
    void leadsThroughWholeListByCursor() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withListLimit(2).withListCursor(true)));
        String last = "";
        for (int i = 0; i < 3; i++) {
            last = caller.scan("example.com", "quick").id();
        }
        JsonNode first = caller.get("/v1/scans").json();
        assertThat(first.get("data")).hasSize(2);
        assertThat(first.get("has_more").booleanValue()).isTrue();
        JsonNode second = caller.get(
                        "/v1/scans?cursor=" + first.get("next_cursor").stringValue())
                .json();
        assertThat(second.get("data")).hasSize(1);
        assertThat(second.at("/data/0/id").stringValue()).isEqualTo(last);
        assertThat(second.get("has_more").booleanValue()).isFalse();
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(caller.get("/v1/scans?cursor=x").code()).isEqualTo("validation_error");
        assertThat(caller.get("/v1/scans?cursor=99").json().get("data")).isEmpty();
    }

    @Test
    void appliesConfiguredLimitsAndWindow() throws Exception {
        SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");
        PentifySimulator pentify = running.start(rules -> rules.withClock(clock)
                .withRequestsPerMinutePerKey(1)
                .withRequestsPerMinutePerAddress(2)
                .withRateWindow(Duration.ofSeconds(5)));
        Caller caller = new Caller(pentify);
        assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
        assertThat(caller.get("/v1/usage").header("retry-after")).isEqualTo("5");
        assertThat(caller.get("/healthz").status()).isEqualTo(200);
        assertThat(caller.get("/healthz").status()).isEqualTo(200);
        assertThat(caller.get("/healthz").header("retry-after")).isEqualTo("5");
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
    }

    @Test
    void admitsSixtyRequestsPerKeyByDefault() throws Exception {
        Caller caller =
                new Caller(running.start(rules -> rules.withClock(SteppedClock.at("2026-04-29T14:11:09.250Z"))));
        for (int i = 0; i < 60; i++) {
            assertThat(caller.get("/v1/usage").status()).isEqualTo(200);
        }
        assertThat(caller.get("/v1/usage").status()).isEqualTo(429);
    }

    @Test
    void issuesPersonalTokenWithConfiguredPrefix() {
        assertThat(running.start(rules -> rules.withPersonalTokenPrefix("pk_live_"))
                        .pair("d"))
                .startsWith("pk_live_");
    }

    @ParameterizedTest
    @CsvSource({
        "400,validation_error",
        "401,invalid_api_key",
        "402,insufficient_tokens",
        "403,insufficient_scope",
        "404,not_found",
        "409,conflict",
        "410,pairing_consumed",
        "422,unprocessable",
        "429,rate_limited",
        "500,server_error",
        "502,server_error",
        "503,engine_unavailable"
    })
    void answersScriptedStatusWithDocumentedCode(int status, String code) throws Exception {
        PentifySimulator pentify = running.start(rules -> rules);
        pentify.faults().on("POST", "/v1/scans", Fault.status(status));
        Answer answer = new Caller(pentify).scan("example.com", "quick");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("retry-after")).isEqualTo(status == 429 ? "1" : "");
        assertThat(answer.header("x-request-id")).startsWith("req_");
        assertThat(pentify.effects().count()).isZero();
    }

    @Test
    void rejectsUndocumentedValues() {
        PentifyRules rules = PentifyRules.documented();
        assertThatThrownBy(() -> rules.withNotVerifiedStatus(404))
                .hasMessage("notVerifiedStatus: 404 (expected: 403 or 409)");
        assertThatThrownBy(() -> rules.withReplayStatus(204)).hasMessage("replayStatus: 204 (expected: 200 or 201)");
        assertThatThrownBy(() -> rules.withServerErrorCode("oops"))
                .hasMessage("serverErrorCode: oops (expected: server_error or internal_error)");
        assertThatThrownBy(() -> rules.withRequestsPerMinutePerKey(0))
                .hasMessage("requestsPerMinutePerKey: 0 (expected: >= 1)");
        assertThatThrownBy(() -> rules.withRequestsPerMinutePerAddress(0))
                .hasMessage("requestsPerMinutePerAddress: 0 (expected: >= 1)");
        assertThatThrownBy(() -> rules.withRateWindow(Duration.ZERO)).hasMessage("rateWindow: PT0S (expected: > 0)");
        assertThatThrownBy(() -> rules.withListLimit(0)).hasMessage("listLimit: 0 (expected: >= 1)");
    }
}
