package io.penstock.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.BodyFormat;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OAuth2Test {

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

    private static AccessToken read(String answer) {
        return TokenExchange.refreshToken("token").reader().apply(new JsonMapper().readTree(answer), NOW);
    }

    /** RFC 6749 §4.4.2, with the credential of §2.3.1. */
    @Test
    void sendsClientCredentialsAsForm() {
        TokenExchange exchange = TokenExchange.clientCredentials("oauth/token", "read", "write");
        ApiRequest<JsonNode> request = exchange.request().apply(Secret.of("s6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw"));

        assertThat(request).hasToString("POST oauth/token");
        assertThat(request.headerValue("authorization"))
                .isEqualTo("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
        assertThat(request.body()).isEqualTo(Map.of("grant_type", "client_credentials", "scope", "read write"));
        assertThat(request.bodyFormat()).isEqualTo(BodyFormat.form());
        assertThat(exchange.request().apply(Secret.of("a b:c%d:e")).headerValue("authorization"))
                .isEqualTo("Basic YStiOmMlMjVkJTNBZQ=="); // a+b:c%25d%3Ae
    }

    @Test
    void rejectsClientCredentialsWithoutColon() {
        TokenExchange exchange = TokenExchange.clientCredentials("oauth/token");

        assertThatThrownBy(() -> exchange.request().apply(Secret.of("s6BhdRkqt3")))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("client_id:client_secret")
                .hasMessageNotContaining("s6BhdRkqt3");
    }

    /** The example of RFC 6749 §5.1. */
    @Test
    void readsTokenAndItsSuccessor() {
        AccessToken token =
                read("{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"example\",\"expires_in\":3600,"
                        + "\"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\"}");

        assertThat(token.value()).isEqualTo(Secret.of("2YotnFZFEjr1zCsicMWpAA"));
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
        assertThat(token.nextSecret()).isEqualTo(Secret.of("tGzv3JOkF0XG5Qx2TlKWIA"));
        assertThat(read("{\"access_token\":\"t\"}").expiresAt()).isNull();
        assertThat(read("{\"access_token\":\"t\",\"refresh_token\":null}").nextSecret())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"access_token\":\"\"}", "{\"access_token\":7}", "{\"access_token\":null}"})
    void rejectsAnswerWithoutToken(String answer) {
        assertThatThrownBy(() -> read(answer))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("access_token");
    }
}
