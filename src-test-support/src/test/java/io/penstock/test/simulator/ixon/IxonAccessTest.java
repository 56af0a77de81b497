package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class IxonAccessTest {

    private static final String INVALID_TOKEN =
            "{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"Authorization\"}],"
                    + "\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}";
    private static final String TWO_FACTOR =
            "{\"type\":\"Error\",\"data\":[{\"message\":\"2FA is required\"}],\"moreAfter\":null,\"status\":\"error\"}";
    private static final String LOGIN = "/access-tokens?fields=secretId";
    private static final String DEVICE = "6f1c1f0e-0b0a-4c53-9d63-52a1a7d5c0de";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withClock(clock));

    private final Caller caller = new Caller(ixon);
    private final Caller person = caller.with("Api-Company", null);

    @Test
    void bindsSecretToItsApplication() throws Exception {
        assertThat(caller.get("/agents").status()).isEqualTo(200);
        String application = ixon.applicationId();
        assertThat(application).matches("^[0-9a-zA-Z]{12}$");
        assertThat(ixon.companyId()).matches("^(\\d{4}-){4}\\d{4}$");
        JsonNode account = caller.post("/users/service-account", "[{\"name\":\"Another\"}]")
                .json()
                .at("/data/0");
        String other = account.at("/apiApplication/publicId").stringValue();
        assertThat(caller.with("Api-Application", other).get("/agents").text()).isEqualTo(INVALID_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Api-Version", "Api-Application", "Api-Company", "Authorization"})
    void requiresHeader(String header) throws Exception {
        Answer refused = caller.with(header, null).get("/agents");
        assertThat(refused.status()).isEqualTo(header.equals("Authorization") ? 401 : 400);
        assertThat(refused.text())
                .isEqualTo("{\"data\":[{\"message\":\"Required header\",\"propertyName\":\"" + header
                        + "\"}],\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}");
    }

    @ParameterizedTest
    @CsvSource({"Api-Version,1", "Api-Application,AAAAAAAAAAAA", "Api-Company,0000-0000-0000-0000-0000"})
    void rejectsUnknownHeaderValue(String header, String value) throws Exception {
        Answer refused = caller.with(header, value).get("/agents");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .isEqualTo("{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"" + header
                        + "\"}],\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer 0123456789abcdef0123456789abcdef,   Invalid value",
        "Bearer 0123456789abcdef0123456789abcde,    Value is too short",
        "Bearer 0123456789abcdef0123456789abcdef0,  Value is too long",
        "Bearer 0123456789abcdef0123456789abcde-,   Value does not match regex expression",
        "Basic dXNlcjo6cHdk,                        Value does not match regex expression",
        "0123456789abcdef0123456789abcdef,          Authorization must start with a type and have a credentials",
        "Bearer,                                    Authorization must start with a type and have a credentials",
    })
    void rejectsWrongAuthorizationWithDocumentedText(String authorization, String message) throws Exception {
        Answer refused = caller.with("Authorization", authorization).get("/agents");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text())
                .isEqualTo("{\"data\":[{\"message\":\"" + message
                        + "\",\"propertyName\":\"Authorization\"}],\"moreAfter\":null,\"status\":\"error\","
                        + "\"type\":\"Error\"}");
    }

    @Test
    void acceptsSchemeInAnyCase() throws Exception {
        assertThat(caller.with("Authorization", "bearer " + ixon.secret())
                        .get("/agents")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void issuesTokenThatExpiresAtLogin() throws Exception {
        Answer login = person.basic("user@example.com::correct:horse").post(LOGIN, "{\"expiresIn\":3600}");
        assertThat(login.status()).isEqualTo(201);
        assertThat(login.json().propertyNames()).containsExactly("status", "type", "data");
        assertThat(login.json().get("type").stringValue()).isEqualTo("AccessTokenCreateResponse");
        assertThat(login.data().propertyNames()).containsExactly("publicId", "expiresOn", "secretId");
        assertThat(login.data().get("expiresOn").stringValue()).isEqualTo("2026-04-29T15:11:09Z");
        assertThat(ixon.effects().count("POST /access-tokens")).isEqualTo(1);
        Caller withToken = caller.bearer(login.data().get("secretId").stringValue());
        clock.advance(Duration.ofSeconds(3599));
        assertThat(withToken.get("/agents").status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        Answer expired = withToken.get("/agents");
        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.text()).isEqualTo(INVALID_TOKEN);
    }

    @Test
    void returnsSecretOnlyOnRequest() throws Exception {
        Caller basic = person.basic(ixon.email() + "::" + ixon.password());
        assertThat(basic.post("/access-tokens", "").data().has("secretId")).isFalse();
        assertThat(basic.post("/access-tokens?fields=*", "").data().has("secretId"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"user@example.com::wrong", "other@example.com::correct:horse", "user@example.com:correct:horse"})
    void rejectsWrongPasswordAsInvalidValue(String parts) throws Exception {
        Answer refused = person.basic(parts).post(LOGIN, "{}");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo(INVALID_TOKEN);
        assertThat(ixon.effects().count()).isZero();
    }

    @Test
    void rejectsPasswordThatIsNotInThreeParts() throws Exception {
        assertThat(person.basic("user@example.com").post(LOGIN, "{}").message())
                .isEqualTo("Value does not match regex expression");
        assertThat(person.with("Authorization", "Basic %%%").post(LOGIN, "{}").message())
                .isEqualTo("Value does not match regex expression");
        assertThat(person.post(LOGIN, "{}").message()).isEqualTo("Value does not match regex expression");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "5184001", "\"3600\"", "1.5", "null"})
    void rejectsLifetimeOutOfRange(String expiresIn) throws Exception {
        Caller basic = person.basic("user@example.com::correct:horse");
        Answer refused = basic.post(LOGIN, "{\"expiresIn\":" + expiresIn + "}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo("expiresIn");
        assertThat(basic.post(LOGIN, "{\"expiresIn\":5184000}").status()).isEqualTo(201);
    }

    @Test
    void requiresSecondFactorWithoutPropertyName() throws Exception {
        ixon.requireTwoFactor();
        Answer refused = person.basic("user@example.com::correct:horse").post(LOGIN, "{}");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo(TWO_FACTOR);
    }

    @Test
    void acceptsOneTimePasswordOnceAndBriefly() throws Exception {
        ixon.requireTwoFactor();
        Caller first = person.basic("user@example.com:" + ixon.oneTimePassword() + ":correct:horse");
        assertThat(first.post(LOGIN, "{}").status()).isEqualTo(201);
        assertThat(first.post(LOGIN, "{}").text()).isEqualTo(INVALID_TOKEN);
        Caller second = person.basic("user@example.com:" + ixon.oneTimePassword() + ":correct:horse");
        clock.advance(Duration.ofSeconds(30));
        assertThat(second.post(LOGIN, "{}").text()).isEqualTo(INVALID_TOKEN);
    }

    @Test
    void acceptsTrustedDeviceWithoutOneTimePassword() throws Exception {
        ixon.requireTwoFactor();
        Caller device = person.with("Api-Device-Identifier", DEVICE);
        Caller without = device.basic("user@example.com::correct:horse");
        assertThat(without.post(LOGIN, "{\"trustedDeviceName\":\"Gateway\"}").text())
                .isEqualTo(TWO_FACTOR);
        assertThat(device.basic("user@example.com:" + ixon.oneTimePassword() + ":correct:horse")
                        .post(LOGIN, "{\"trustedDeviceName\":\"Gateway\"}")
                        .status())
                .isEqualTo(201);
        assertThat(without.post(LOGIN, "{}").status()).isEqualTo(201);
        assertThat(person.delete("/trusted-devices/" + DEVICE, "").status()).isEqualTo(200);
        assertThat(without.post(LOGIN, "{}").text()).isEqualTo(TWO_FACTOR);
        assertThat(without.with("Api-Device-Identifier", "x").post(LOGIN, "{}").property())
                .isEqualTo("Api-Device-Identifier");
    }

    @Test
    void returnsAndRevokesCurrentToken() throws Exception {
        String token = ixon.issueToken(Duration.ofMinutes(1));
        Caller withToken = caller.bearer(token);
        assertThat(withToken.get("/access-tokens/me").data().get("expiresOn").stringValue())
                .isEqualTo("2026-04-29T14:12:09Z");
        assertThat(withToken.delete("/access-tokens/me", "").status()).isEqualTo(200);
        assertThat(ixon.effects().count("DELETE /access-tokens/me")).isEqualTo(1);
        assertThat(withToken.get("/agents").text()).isEqualTo(INVALID_TOKEN);
    }

    @Test
    void revokesTokenByIdOrByHand() throws Exception {
        Caller withToken = caller.bearer(ixon.issueToken(Duration.ofHours(1)));
        String id = withToken.get("/access-tokens/me").data().get("publicId").stringValue();
        assertThat(caller.delete("/access-tokens", "[{\"publicId\":\"" + id + "\"}]")
                        .status())
                .isEqualTo(200);
        assertThat(withToken.get("/agents").text()).isEqualTo(INVALID_TOKEN);
        String other = ixon.issueToken(Duration.ofHours(1));
        ixon.revoke(other);
        assertThat(caller.bearer(other).get("/agents").text()).isEqualTo(INVALID_TOKEN);
    }

    @Test
    void issuesServiceAccountWithTokenAndApplication() throws Exception {
        Answer created = caller.post("/users/service-account", "[{\"name\":\"Poller\"}]");
        assertThat(created.status()).isEqualTo(201);
        JsonNode account = created.json().at("/data/0");
        assertThat(account.propertyNames()).containsExactly("publicId", "apiApplication", "token");
        Caller withToken = caller.bearer(account.get("token").stringValue())
                .with("Api-Application", account.at("/apiApplication/publicId").stringValue());
        assertThat(withToken.get("/agents").status()).isEqualTo(200);
        String id = account.get("publicId").stringValue();
        assertThat(caller.delete("/users/service-account/" + id, "").status()).isEqualTo(200);
        assertThat(withToken.get("/agents").text()).isEqualTo(INVALID_TOKEN);
        assertThat(caller.post("/users/service-account", "[{}]").property()).isEqualTo("name");
    }
}
