package io.penstock.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Refresh tokens that a server replaces at each exchange. */
class RotatingSecretTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<String> used = new ArrayList<>();
    private boolean failing;

    private Mono<JsonNode> exchange(ApiRequest<JsonNode> request) {
        String secret = (String) ((Map<?, ?>) request.body()).get("refresh_token");
        used.add(secret);
        if (failing) {
            return Mono.error(new ApiException(Failure.of(
                            ErrorKind.VALIDATION,
                            Certainty.REJECTED,
                            Retryability.PERMANENT,
                            "400 with an unknown token " + secret)
                    .withServerMessage("unknown token " + secret)
                    .withBodyExcerpt("{\"error\":\"" + secret + "\"}")));
        }
        return Mono.just(new JsonMapper()
                .readTree("{\"access_token\":\"access\",\"expires_in\":10,\"refresh_token\":\"refresh-token-"
                        + used.size() + "\"}"));
    }

    private final TokenSource tokens = new TokenSource(
            CredentialScheme.bearer().exchangedBy(TokenExchange.refreshToken("token")),
            Secret.of("refresh-token-0"),
            new TokenAuthentication.Exchanges(this::exchange, time, () -> 0.5));

    private void nextToken() {
        tokens.token().block();
        time.advanceTimeBy(Duration.ofSeconds(11));
    }

    @Test
    void exchangesNewestSecret() {
        for (int i = 0; i < 3; i++) {
            nextToken();
        }

        assertThat(used).containsExactly("refresh-token-0", "refresh-token-1", "refresh-token-2");
    }

    @Test
    void masksSecretThatClientWasNotBuiltWith() {
        nextToken();
        failing = true;

        assertThatThrownBy(this::nextToken).cause().isInstanceOfSatisfying(TokenSource.ExchangeFailed.class, failed -> {
            Failure failure = failed.failure();
            assertThat(failure.message() + failure.serverMessage() + failure.bodyExcerpt())
                    .contains("unknown token")
                    .doesNotContain("refresh-token-1");
        });
    }
}
