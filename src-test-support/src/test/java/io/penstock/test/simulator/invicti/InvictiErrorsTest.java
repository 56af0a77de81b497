package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvictiErrorsTest {

    private static final String SAMPLE_400 =
            "{\"error\":\"ValidationError\",\"message\":\"Request validation failed\",\"details\":"
                    + "[{\"field\":\"url\",\"code\":\"REQUIRED\",\"message\":\"URL is required\"},"
                    + "{\"field\":\"name\",\"code\":\"TOO_LONG\",\"message\":\"Name must be 100 characters or less\","
                    + "\"maxLength\":100,\"providedLength\":150}]}";

    private static final String UNNAMED_MEND =
            "{\"name\":\"" + "n".repeat(150) + "\",\"email\":\"a@b.c\",\"userKey\":\"k\",\"organizationId\":\"o\"}";

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented(), InvictiSimulator::start);

    @Test
    void answersInvalidRequestWithDocumentedSample() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Answer refused = new Caller(invicti).post(Caller.MEND, UNNAMED_MEND);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("content-type")).isEqualTo("application/json");
        assertThat(refused.text()).isEqualTo(SAMPLE_400);
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void answersScripted400WithDocumentedSample() throws Exception {
        assertThat(scripted(400, rules -> rules).text()).isEqualTo(SAMPLE_400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EMPTY", "EMPTY_OBJECT", "TEXT"})
    void keepsDocumented400InEveryErrorShape(ErrorShape shape) throws Exception {
        assertThat(scripted(400, rules -> rules.withErrorShape(shape)).text()).isEqualTo(SAMPLE_400);
    }

    @Test
    void answersCoded500AsInLineage() throws Exception {
        assertThat(scripted(500, rules -> rules.withErrorShape(ErrorShape.CODED))
                        .text())
                .isEqualTo("{\"code\":500,\"reason\":\"boom\",\"details\":[\"x\"]}");
    }

    @Test
    void writesDetailsOfCoded400AsTexts() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withErrorShape(ErrorShape.CODED));
        assertThat(new Caller(invicti).post(Caller.MEND, UNNAMED_MEND).text())
                .isEqualTo("{\"code\":400,\"reason\":\"Request validation failed\",\"details\":"
                        + "[\"URL is required\",\"Name must be 100 characters or less\"]}");
    }

    @Test
    void writesDetailsOfCoded400AsObject() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withErrorShape(ErrorShape.CODED_OBJECT));
        assertThat(new Caller(invicti).post(Caller.MEND, UNNAMED_MEND).text())
                .isEqualTo("{\"code\":400,\"reason\":\"Request validation failed\",\"details\":"
                        + "{\"url\":\"URL is required\",\"name\":\"Name must be 100 characters or less\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "NAMED        | application/json | {\"error\":\"NotFound\",\"message\":\"No such resource\"}",
                "CODED        | application/json | {\"code\":404,\"reason\":\"No such resource\",\"details\":[]}",
                "CODED_OBJECT | application/json | {\"code\":404,\"reason\":\"No such resource\",\"details\":{}}",
                "EMPTY_OBJECT | application/json | {}",
                "TEXT         | text/plain       | Not Found"
            })
    void answersUndocumentedErrorInConfiguredShape(ErrorShape shape, String contentType, String body) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withErrorShape(shape));
        Answer refused = new Caller(invicti).get("/api/v1/nothing");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.header("content-type")).isEqualTo(contentType);
        assertThat(refused.text()).isEqualTo(body);
    }

    @Test
    void answersEmptyErrorWithoutBodyAndType() throws Exception {
        Answer refused =
                new Caller(running.start(rules -> rules.withErrorShape(ErrorShape.EMPTY))).get("/api/v1/nothing");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text()).isEmpty();
        assertThat(refused.header("content-type")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401,Unauthorized",
        "403,Forbidden",
        "404,NotFound",
        "409,Conflict",
        "429,TooManyRequests",
        "500,InternalServerError",
        "502,BadGateway",
        "503,ServiceUnavailable",
        "504,GatewayTimeout"
    })
    void namesScriptedStatusByReasonPhrase(int status, String error) throws Exception {
        Answer refused = scripted(status, rules -> rules);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.text("error")).isEqualTo(error);
        assertThat(refused.json().has("requestId")).isEqualTo(status == 500);
        assertThat(refused.json().has("retryAfter")).isEqualTo(status == 429 || status == 503);
    }

    @Test
    void omitsRetryHint() throws Exception {
        Answer refused = scripted(503, rules -> rules.withRetryHint(RetryHint.NONE));
        assertThat(refused.header("retry-after")).isEmpty();
        assertThat(refused.json().has("retryAfter")).isFalse();
    }

    @Test
    void sendsRetryHintInHeaderAndBody() throws Exception {
        Answer refused = scripted(
                503, rules -> rules.withRetryHint(RetryHint.HEADER_AND_BODY).withRetryAfter(Duration.ofSeconds(30)));
        assertThat(refused.header("retry-after")).isEqualTo("30");
        assertThat(refused.json().get("retryAfter").intValue()).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"name\":", "[]", "7"})
    void rejectsBodyThatIsNoObject(String body) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Answer refused = new Caller(invicti).post(Caller.SCANS, body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/details/0/field").stringValue()).isEqualTo("body");
        assertThat(refused.json().at("/details/0").has("code")).isFalse();
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void rejectsImpossibleRulesByName() {
        InvictiRules rules = InvictiRules.documented();
        assertThatThrownBy(() -> rules.withRequestsPerWindow(0)).hasMessage("requestsPerWindow: 0 (expected: >= 1)");
        assertThatThrownBy(() -> rules.withRateWindow(Duration.ZERO)).hasMessage("rateWindow: PT0S (expected: > 0)");
        assertThatThrownBy(() -> rules.withRetryAfter(Duration.ofSeconds(-1)))
                .hasMessage("retryAfter: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> rules.withPageSizeLimit(0)).hasMessage("pageSizeLimit: 0 (expected: >= 1)");
        assertThatThrownBy(() -> rules.withPollsUntilDone(-1)).hasMessage("pollsUntilDone: -1 (expected: >= 0)");
        assertThatThrownBy(() -> rules.withBasePath("/a/")).hasMessageStartingWith("basePath: /a/ (expected: ");
        assertThatThrownBy(() -> rules.withBasePath("a")).hasMessageStartingWith("basePath: a (expected: ");
    }

    private Answer scripted(int status, UnaryOperator<InvictiRules> change) throws Exception {
        InvictiSimulator invicti = running.start(change);
        invicti.faults().on("POST", Caller.SCANS, Fault.status(status));
        Answer answer = new Caller(invicti).scan("t");
        assertThat(invicti.effects().count()).isZero();
        return answer;
    }
}
