package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicusAuthenticationTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PicusSimulator picus =
            PicusSimulator.start(PicusRules.documented().withClock(clock));

    @Test
    void exchangesRefreshTokenWithoutHeader() throws Exception {
        Answer answer = Caller.exchange(picus, picus.secret());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("token", "expire_at");
        assertThat(new Caller(picus, answer.at("/token")).get("/v1/agents").status())
                .isEqualTo(200);
        assertThat(picus.effects().count()).isZero();
    }

    @Test
    void expiresAccessTokenAfterTwoHours() throws Exception {
        Answer exchanged = Caller.exchange(picus, picus.secret());
        Caller caller = new Caller(picus, exchanged.at("/token"));
        assertThat(exchanged.number("/expire_at"))
                .isEqualTo(clock.instant().plus(Duration.ofHours(2)).toEpochMilli());
        clock.advance(Duration.ofHours(2).minusMillis(1));
        assertThat(caller.get("/v1/agents").status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        Answer refused = caller.get("/v1/agents");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("{\"message\":\"unauthorized error\"}");
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(200);
    }

    @Test
    void acceptsSeveralAccessTokensOfOneRefreshToken() throws Exception {
        String first = Caller.exchange(picus, picus.secret()).at("/token");
        String second = Caller.exchange(picus, picus.secret()).at("/token");
        assertThat(first).isNotEqualTo(second);
        assertThat(new Caller(picus, first).get("/v1/agents").status()).isEqualTo(200);
        assertThat(new Caller(picus, second).get("/v1/agents").status()).isEqualTo(200);
    }

    @Test
    void expiresRefreshTokenAfterSixMonths() throws Exception {
        clock.advance(Duration.ofDays(180).minusMillis(1));
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(Caller.exchange(picus, picus.secret()).text()).isEqualTo("{\"message\":\"unauthorized error\"}");
        Answer refresh = refresh(picus.secret());
        assertThat(refresh.status()).isEqualTo(401);
        assertThat(picus.refreshes()).isZero();
    }

    @Test
    void rejectsUnknownRefreshToken() throws Exception {
        Answer refused = Caller.exchange(picus, "nobody");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("{\"message\":\"unauthorized error\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                        | refresh_token",
                "{\"refresh_token\":\"\"}  | refresh_token",
                "{\"refresh_token\":1}     | parsing error",
                "[]                        | parsing error",
                "no JSON                   | parsing error"
            })
    void validatesBodyOfExchange(String body, String error) throws Exception {
        Answer refused = Caller.anonymous(picus, "/v1/auth/token", body);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("/message")).isEqualTo("validation error");
        assertThat(refused.json().get("errors").propertyNames()).containsExactly(error);
    }

    @Test
    void revokesFormerRefreshTokenAndItsAccessTokensOnRefresh() throws Exception {
        Caller former = new Caller(picus);
        Caller other = new Caller(picus, picus.issueAccessToken(picus.issueRefreshToken()));
        Answer answer = refresh(picus.secret());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames())
                .containsExactly("created_at", "expired_at", "id", "is_expired", "name", "token");
        assertThat(former.get("/v1/agents").status()).isEqualTo(401);
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(401);
        assertThat(Caller.exchange(picus, answer.at("/token")).status()).isEqualTo(200);
        assertThat(other.get("/v1/agents").status()).isEqualTo(200);
        assertThat(picus.refreshes()).isEqualTo(1);
        assertThat(refresh(picus.secret()).status()).isEqualTo(401);
        assertThat(picus.refreshes()).isEqualTo(1);
    }

    @Test
    void countsLifetimeOfNewRefreshTokenFromItsCreation() throws Exception {
        clock.advance(Duration.ofDays(179));
        String token = refresh(picus.secret()).at("/token");
        clock.advance(Duration.ofDays(179));
        assertThat(Caller.exchange(picus, token).status()).isEqualTo(200);
    }

    @Test
    void rejectsRevokedAccessTokenButNotOthers() throws Exception {
        String revoked = picus.issueAccessToken(picus.secret());
        Caller other = new Caller(picus);
        picus.revoke(revoked);
        assertThat(new Caller(picus, revoked).get("/v1/agents").status()).isEqualTo(401);
        assertThat(other.get("/v1/agents").status()).isEqualTo(200);
        picus.revokeAccessTokens();
        assertThat(other.get("/v1/agents").status()).isEqualTo(401);
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(200);
    }

    @Test
    void revokesAccessTokensWithTheirRefreshToken() throws Exception {
        Caller caller = new Caller(picus);
        picus.revoke(picus.secret());
        assertThat(caller.get("/v1/agents").status()).isEqualTo(401);
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(401);
        assertThatThrownBy(() -> picus.issueAccessToken(picus.secret())).hasMessage("unauthorized error");
    }

    @Test
    void rejectsRequestWithoutHeaderWithDocumentedText() throws Exception {
        Answer refused = Caller.anonymous(picus.origin().resolve("/v1/agents"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("{\"message\":\"auth header is empty\"}");
    }

    @Test
    void rejectsTokenThatIsNoBase64WithDocumentedText() throws Exception {
        Answer refused = new Caller(picus, "A".repeat(37) + "." + "A".repeat(20)).get("/v1/agents");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).isEqualTo("{\"message\":\"illegal base64 data at input byte 37\"}");
    }

    @Test
    void rejectsTokenWithoutBearer() throws Exception {
        String token = picus.issueAccessToken(picus.secret());
        Answer refused = new Caller(picus, "Authorization", token).get("/v1/agents");
        assertThat(refused.text()).isEqualTo("{\"message\":\"unauthorized error\"}");
    }

    @Test
    void ignoresTokenInAnotherPlace() throws Exception {
        String token = picus.issueAccessToken(picus.secret());
        URI query = picus.origin().resolve("/v1/agents?token=" + token + "&access_token=" + token);
        assertThat(Caller.anonymous(query).text()).isEqualTo("{\"message\":\"auth header is empty\"}");
        assertThat(new Caller(picus, "X-Api-Key", token).get("/v1/agents").status())
                .isEqualTo(401);
    }

    @Test
    void limitsAccessTokensToScopeOfRefreshToken() throws Exception {
        String narrow = picus.issueRefreshToken("GET /v1/agents/{Id}");
        Caller caller = new Caller(picus, Caller.exchange(picus, narrow).at("/token"));
        assertThat(caller.get("/v1/agents/2").status()).isEqualTo(200);
        Answer refused = caller.get("/v1/agents");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).isEqualTo("{\"message\":\"forbidden error\"}");
        Caller renewed = new Caller(
                picus, Caller.exchange(picus, refresh(narrow).at("/token")).at("/token"));
        assertThat(renewed.get("/v1/agents").status()).isEqualTo(403);
        assertThat(renewed.get("/v1/agents/2").status()).isEqualTo(200);
    }

    @Test
    void reportsUnknownOperationAsMistakeOfTest() {
        assertThatThrownBy(() -> picus.issueRefreshToken("GET /v1/agents/1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("operation: GET /v1/agents/1 (expected one of ");
    }

    private Answer refresh(String refreshToken) throws Exception {
        return Caller.anonymous(picus, "/v1/auth/refresh", "{\"refresh_token\":\"" + refreshToken + "\"}");
    }
}
