package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IxonRulesTest {

    private static final String LOGIN = "user@example.com::correct:horse";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final Running<IxonSimulator, IxonRules> running =
            new Running<>(IxonRules.documented().withClock(clock), IxonSimulator::start);

    @Test
    void rejectsWithConfiguredStatuses() throws Exception {
        IxonSimulator ixon = running.start(rules ->
                rules.withErrors(rules.errors().withValidationStatus(422).withNotFoundStatus(410)));
        Caller caller = new Caller(ixon);
        assertThat(caller.with("Api-Company", null).get("/agents").status()).isEqualTo(422);
        assertThat(caller.get("/agents/nobody").status()).isEqualTo(410);
        assertThat(caller.delete("/groups", "[{\"publicId\":\"nobody\"}]").status())
                .isEqualTo(410);
        assertThat(caller.delete("/groups", "[{\"publicId\":\"nobody\"},{}]").status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void returnsSecretWithoutFieldsAsConfigured(boolean told) throws Exception {
        IxonSimulator ixon =
                running.start(rules -> rules.withAccess(rules.access().withSecretWithoutFields(told)));
        assertThat(new Caller(ixon)
                        .basic(LOGIN)
                        .post("/access-tokens", "{}")
                        .data()
                        .has("secretId"))
                .isEqualTo(told);
    }

    @Test
    void appliesConfiguredLifetimes() throws Exception {
        IxonSimulator ixon = running.start(rules -> rules.withAccess(rules.access()
                .withTokenLife(Duration.ofSeconds(2))
                .withLongestTokenLife(Duration.ofSeconds(10))
                .withOtpLife(Duration.ofSeconds(3))));
        Caller basic = new Caller(ixon).basic(LOGIN);
        Answer login = basic.post("/access-tokens?fields=secretId", "{}");
        Caller withToken = new Caller(ixon).bearer(login.data().get("secretId").stringValue());
        clock.advance(Duration.ofMillis(1_999));
        assertThat(withToken.get("/agents").status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(withToken.get("/agents").status()).isEqualTo(401);
        assertThat(basic.post("/access-tokens", "{\"expiresIn\":10}").status()).isEqualTo(201);
        assertThat(basic.post("/access-tokens", "{\"expiresIn\":11}").status()).isEqualTo(400);
        ixon.requireTwoFactor();
        Caller withOtp = new Caller(ixon).basic("user@example.com:" + ixon.oneTimePassword() + ":correct:horse");
        clock.advance(Duration.ofSeconds(3));
        assertThat(withOtp.post("/access-tokens", "{}").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "400,Invalid value,''",
        "401,Invalid value,Authorization",
        "403,Invalid value,''",
        "404,Not found,''",
        "409,Invalid value,''",
        "429,Rate limit exceeded,''",
    })
    void answersScriptedStatusWithEnvelope(int status, String message, String property) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        ixon.faults().on("POST", "/api/groups", Fault.status(status));
        Answer answer = new Caller(ixon).post("/groups", "[{\"name\":\"a\"}]");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.message()).isEqualTo(message);
        assertThat(answer.property()).isEqualTo(property);
        assertThat(ixon.effects().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void answersScriptedServerErrorWithoutEnvelope(int status) throws Exception {
        IxonSimulator ixon = running.start(rules -> rules);
        ixon.faults().next(Fault.status(status));
        Answer answer = new Caller(ixon).get("/agents");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.header("retry-after")).isEmpty();
    }

    @Test
    void admitsSixtyThousandPointsByDefault() {
        assertThat(IxonRules.documented().largestRequest()).isEqualTo(60_000);
        assertThat(IxonRules.documented().withTimeLimit(Duration.ofSeconds(50)).largestRequest())
                .isEqualTo(50_000);
    }

    @Test
    void rejectsUndocumentedValues() {
        IxonRules rules = IxonRules.documented();
        IxonErrors errors = rules.errors();
        IxonPaging paging = rules.paging();
        IxonAccess access = rules.access();
        refused(() -> rules.withBasePath("/v2"), "basePath: /v2 (expected: /api or nothing)");
        refused(() -> rules.withTimeLimit(Duration.ZERO), "timeLimit: PT0S (expected: > 0)");
        refused(() -> rules.withRowsPerSecond(0), "rowsPerSecond: 0 (expected: >= 1)");
        refused(() -> rules.withActionPolls(-1), "actionPolls: -1 (expected: >= 0)");
        refused(() -> errors.withAuthenticationStatus(200), "authenticationStatus: 200 (expected: 400 to 499)");
        refused(() -> errors.withValidationStatus(500), "validationStatus: 500 (expected: 400 to 499)");
        refused(() -> errors.withNotFoundStatus(399), "notFoundStatus: 399 (expected: 400 to 499)");
        refused(
                () -> errors.withCredentialsMessage("no"),
                "credentialsMessage: no (expected: CREDENTIALS_SAMPLE or CREDENTIALS_TEXT)");
        refused(() -> paging.withPageSize(0), "pageSize: 0 (expected: >= 1)");
        refused(() -> paging.withLargestPage(19), "largestPage: 19 (expected: >= pageSize 20)");
        refused(() -> access.withTokenLife(Duration.ZERO), "tokenLife: PT0S (expected: > 0)");
        refused(() -> access.withLongestTokenLife(Duration.ZERO), "longestTokenLife: PT0S (expected: > 0)");
        refused(() -> access.withOtpLife(Duration.ZERO), "otpLife: PT0S (expected: > 0)");
        refused(() -> IxonLimits.none().withBlock(Duration.ofSeconds(-1)), "block: PT-1S (expected: >= 0)");
        refused(() -> new IxonLimit(0, Duration.ofSeconds(1), false), "requests: 0 (expected: >= 1)");
        refused(() -> new IxonLimit(1, Duration.ZERO, false), "window: PT0S (expected: > 0)");
    }

    private static void refused(ThrowingCallable change, String message) {
        assertThatThrownBy(change).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
