package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfraonAccessTest {

    private static final String MISSING = "403 {\"error\":\"API key is missing.\"}";
    private static final String INVALID = "401 {\"error\":\"Invalid API key.\"}";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final InfraonSimulator infraon =
            InfraonSimulator.start(InfraonRules.documented().withClock(clock));

    @Test
    void acceptsSecretInItsScheme() throws Exception {
        assertThat(new Caller(infraon).get(Caller.INCIDENTS).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ApiKey", "ApiKey "})
    void forbidsMissingKeyWithDocumentedText(String authorization) throws Exception {
        assertThat(new Caller(infraon, authorization).get(Caller.INCIDENTS).literal())
                .isEqualTo(MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ApiKey nonsense", "nonsense", "Bearer nonsense", "apikey nonsense"})
    void rejectsWrongKeyWithDocumentedText(String authorization) throws Exception {
        assertThat(new Caller(infraon, authorization).get(Caller.INCIDENTS).literal())
                .isEqualTo(INVALID);
    }

    @Test
    void causesNoEffectWhenRefusing() throws Exception {
        new Caller(infraon, "ApiKey nonsense").post(Caller.INCIDENTS, Caller.INCIDENT);
        assertThat(infraon.effects().count()).isZero();
        assertThat(infraon.requests().count()).isEqualTo(1);
    }

    @Test
    void rejectsRevokedKeyAtOnce() throws Exception {
        String key = infraon.issueKey();
        Caller caller = new Caller(infraon, "ApiKey " + key);
        assertThat(caller.get(Caller.INCIDENTS).status()).isEqualTo(200);
        infraon.revoke(key);
        assertThat(caller.get(Caller.INCIDENTS).literal()).isEqualTo(INVALID);
        assertThat(new Caller(infraon).get(Caller.INCIDENTS).status()).isEqualTo(200);
    }

    @Test
    void expiresKeyWithLifetime() throws Exception {
        Caller caller = new Caller(infraon, "ApiKey " + infraon.issueKey(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(caller.get(Caller.INCIDENTS).status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.get(Caller.INCIDENTS).literal()).isEqualTo(INVALID);
    }

    @Test
    void issuesTokenAcceptedOnlyWithoutScheme() throws Exception {
        Answer login = Caller.login(infraon);
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().propertyNames()).containsExactly("token");
        String token = login.json().get("token").stringValue();
        assertThat(new Caller(infraon, token).get(Caller.INCIDENTS).status()).isEqualTo(200);
        assertThat(new Caller(infraon, "Bearer " + token).get(Caller.INCIDENTS).literal())
                .isEqualTo(INVALID);
        assertThat(new Caller(infraon, "ApiKey " + token).get(Caller.INCIDENTS).literal())
                .isEqualTo(INVALID);
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void expiresTokenAfterItsLifetime() throws Exception {
        Caller caller = new Caller(infraon, token());
        clock.advance(Duration.ofDays(1).minusMillis(1));
        assertThat(caller.get(Caller.INCIDENTS).status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.get(Caller.INCIDENTS).literal()).isEqualTo(INVALID);
        assertThat(new Caller(infraon, token()).get(Caller.INCIDENTS).status()).isEqualTo(200);
        assertThat(new Caller(infraon).get(Caller.INCIDENTS).status()).isEqualTo(200);
    }

    @Test
    void revokesTokensOneByOneOrAllAtOnce() throws Exception {
        String first = token();
        String second = token();
        String third = token();
        infraon.revoke(first);
        assertThat(new Caller(infraon, first).get(Caller.INCIDENTS).status()).isEqualTo(401);
        assertThat(new Caller(infraon, second).get(Caller.INCIDENTS).status()).isEqualTo(200);
        infraon.revokeTokens();
        assertThat(new Caller(infraon, second).get(Caller.INCIDENTS).status()).isEqualTo(401);
        assertThat(new Caller(infraon, third).get(Caller.INCIDENTS).status()).isEqualTo(401);
        assertThat(new Caller(infraon).get(Caller.INCIDENTS).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                        | username",
                "{\"password\":\"p\"}                      | username",
                "{\"username\":\" \",\"password\":\"p\"}   | username",
                "{\"username\":\"u\"}                      | password",
                "{\"username\":\"u\",\"password\":\"\"}    | password",
            })
    void rejectsLoginWithoutMemberWithDocumentedText(String body, String missing) throws Exception {
        String sample = "400 {\"error\":\"Please provide " + missing + ".\"}";
        Caller caller = new Caller(infraon, "");
        assertThat(caller.post("/ux/api-token-auth/", body).literal()).isEqualTo(sample);
        assertThat(caller.post("/ux/api-token/", body).literal()).isEqualTo(sample);
    }

    @Test
    void rejectsWrongLoginWithDocumentedText() throws Exception {
        String sample = "401 {\"error\":\"Incorrect username or password.\"}";
        String path = "/ux/api-token-auth/";
        assertThat(Caller.login(infraon, path, infraon.username(), "wrong").literal())
                .isEqualTo(sample);
        assertThat(Caller.login(infraon, path, "nobody", infraon.password()).literal())
                .isEqualTo(sample);
        assertThat(Caller.login(infraon, "/ux/api-token/", infraon.username(), "?")
                        .literal())
                .isEqualTo(sample);
    }

    @Test
    void takesPasswordInBase64AtOtherLogin() throws Exception {
        String coded = Base64.getEncoder().encodeToString(infraon.password().getBytes(StandardCharsets.UTF_8));
        Answer login = Caller.login(infraon, "/ux/api-token/", infraon.username(), coded);
        String token = login.json().get("token").stringValue();
        assertThat(new Caller(infraon, token).get(Caller.INCIDENTS).status()).isEqualTo(200);
    }

    @Test
    void encryptsBrowserPasswordFromForm() throws Exception {
        Caller caller = new Caller(infraon, "");
        Answer answer = caller.post("/ux/password_js_encrypt/", "password=a%26b");
        assertThat(answer.literal()).isEqualTo("200 {\"password\":\"YiZh\"}");
        assertThat(caller.post("/ux/password_js_encrypt/", "pass=a").literal())
                .isEqualTo("400 {\"error\":\"Please provide password.\"}");
        assertThat(caller.post("/ux/password_js_encrypt/", "password=%").status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ux/api-token-auth/", "/ux/api-token/", "/ux/password_js_encrypt/"})
    void allowsOnlyPostForLogins(String path) throws Exception {
        assertThat(new Caller(infraon).get(path).literal())
                .isEqualTo("405 {\"detail\":\"Method \\\"GET\\\" not allowed.\"}");
    }

    @Test
    void answersGenericSuccessOnSamplePath() throws Exception {
        assertThat(new Caller(infraon).get("/api/user").literal()).isEqualTo("200 {\"status\":\"success\"}");
        assertThat(new Caller(infraon, "").get("/api/user").literal()).isEqualTo(MISSING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":\"Please provide username.\"}",
                "401 | {\"error\":\"Invalid API key.\"}",
                "403 | {\"error\":\"API key is missing.\"}",
                "404 | {\"detail\":\"Not found.\"}",
                "409 | {\"detail\":\"Conflict.\"}",
                "422 | {\"detail\":\"Unprocessable Entity.\"}",
                "429 | {\"detail\":\"Request was throttled. Expected available in 1 seconds.\"}",
                "500 | {\"error\":\"Something went wrong. Please try again later.\"}",
                "502 | {\"detail\":\"Bad Gateway.\"}",
                "503 | {\"detail\":\"Service Unavailable.\"}",
                "504 | {\"detail\":\"Gateway Timeout.\"}",
            })
    void answersScriptedStatusWithItsSample(int status, String body) throws Exception {
        infraon.faults().on("POST", Caller.INCIDENTS, Fault.status(status));
        Answer answer = new Caller(infraon).post(Caller.INCIDENTS, Caller.INCIDENT);
        assertThat(answer.literal()).isEqualTo(status + " " + body);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("retry-after")).isEqualTo(status == 429 ? "1" : "");
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void imposesNoLimitByDefault() throws Exception {
        Caller caller = new Caller(infraon);
        for (int i = 0; i < 200; i++) {
            assertThat(caller.get("/api/user").status()).isEqualTo(200);
        }
    }

    private String token() throws Exception {
        return Caller.login(infraon).json().get("token").stringValue();
    }
}
