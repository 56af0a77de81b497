package io.penstock;

import static io.penstock.Lab.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Probe;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests that bring a secret of their own. */
class RequestCredentialTest {

    private static final Secret OWN = Secret.of("own-key-0123456789");
    private static final Secret CLIENTS = Secret.of("clients-key-0123456789");

    private final Lab lab = new Lab();

    private static List<String> authorizations(StubTransport wire) {
        return wire.sent.stream()
                .map(sent -> String.valueOf(sent.header("authorization")))
                .toList();
    }

    @Test
    void sendsSecretOfRequestInPlaceOfClients() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(wire).secret(CLIENTS).build();

        lab.value(client.value(ApiRequest.get("a").credential(OWN)));
        lab.value(client.value(ApiRequest.get("a")));

        assertThat(authorizations(wire)).containsExactly("Bearer " + OWN.reveal(), "Bearer " + CLIENTS.reveal());
    }

    @Test
    void sendsSecretOfRequestWhereClientHasNone() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(wire).build();

        lab.value(client.value(ApiRequest.get("a").credential(OWN)));
        lab.value(client.value(ApiRequest.get("a")));

        assertThat(authorizations(wire)).containsExactly("Bearer " + OWN.reveal(), "null");
    }

    @Test
    void lastOfAnonymousAndCredentialCounts() {
        ApiRequest<JsonNode> request = ApiRequest.get("a");

        assertThat(request.credential(OWN).anonymous().credential()).isNull();
        assertThat(request.anonymous().credential(OWN).isAnonymous()).isFalse();
    }

    @Test
    void rejectsSecretForAbsoluteAddress() {
        assertThatThrownBy(() ->
                        ApiRequest.at(URI.create("https://files.example.com/a")).credential(OWN))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("credential: given for an absolute address");
    }

    @Test
    void masksSecretOfRequestThatServerEchoes() {
        StubTransport wire = StubTransport.always(400, "{\"message\":\"unknown key " + OWN.reveal() + "\"}");
        ApiClient client = lab.client(wire).secret(CLIENTS).build();

        ApiException failed = lab.failure(client.value(ApiRequest.get("a").credential(OWN)));

        assertThat(failed + String.valueOf(failed.bodyExcerpt()) + failed.serverMessage())
                .contains("unknown key ****")
                .doesNotContain(OWN.reveal());
    }

    @Test
    void probesWithSecretOfRequest() {
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 502 : 200, "{\"id\":1}"));
        ApiClient client = lab.client(wire).secret(CLIENTS).build();
        ApiRequest<JsonNode> order = ApiRequest.post("orders").body(List.of(1)).credential(OWN);

        lab.value(client.value(order.reconciledBy(Probe.of(ApiRequest.get("orders"), found -> found))));

        assertThat(authorizations(wire)).containsExactly("Bearer " + OWN.reveal(), "Bearer " + OWN.reveal());
    }

    @Test
    void countsDeclaredLimitPerCredential() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(Lab.limited(2, Duration.ofMinutes(1)), wire)
                .secret(CLIENTS)
                .build();

        for (int i = 0; i < 4; i++) {
            client.value(ApiRequest.get("a")).subscribe();
            client.value(ApiRequest.get("a").credential(OWN)).subscribe();
            client.value(ApiRequest.get("a").credential(Secret.of("third-key"))).subscribe();
        }

        assertThat(authorizations(wire))
                .hasSize(6)
                .containsOnly("Bearer " + OWN.reveal(), "Bearer " + CLIENTS.reveal(), "Bearer third-key");
        lab.time.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(wire.sent).hasSize(12);
    }

    @Test
    void countsDeclaredLimitByAddressTogether() {
        StubTransport wire = StubTransport.always(200, "{}");
        VendorSpec spec =
                SPEC.withQuota(QuotaModel.declared(DeclaredLimit.perAddress("address", 2, Duration.ofMinutes(1))));
        ApiClient client = lab.client(spec, wire).secret(CLIENTS).build();

        for (int i = 0; i < 3; i++) {
            client.value(ApiRequest.get("a")).subscribe();
            client.value(ApiRequest.get("a").credential(OWN)).subscribe();
        }

        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void keepsReportedQuotaPerCredential() {
        StubTransport wire = new StubTransport((n, call) -> {
            boolean own = String.valueOf(call.addedHeaders()).contains(OWN.reveal());
            return new Answer(
                    200,
                    "{}",
                    Headers.of(
                            "content-type", "application/json",
                            "x-ratelimit-limit", "100",
                            "x-ratelimit-remaining", own ? "0" : "50",
                            "x-ratelimit-reset", "60"));
        });
        ApiClient client = lab.client(wire).secret(CLIENTS).build();

        lab.value(client.value(ApiRequest.get("a")));
        client.value(ApiRequest.get("a").credential(OWN)).subscribe();
        client.value(ApiRequest.get("a")).subscribe();
        client.value(ApiRequest.get("a").credential(OWN)).subscribe();

        assertThat(wire.sent).as("the second one with its own secret waits").hasSize(3);
        assertThat(client.inspect().quotas())
                .hasSize(2)
                .extracting(Quota::remaining)
                .containsExactlyInAnyOrder(50L, 0L);
        assertThat(client.inspect().quotas().toString())
                .contains("of credential ")
                .doesNotContain(OWN.reveal());
    }

    @Test
    void exchangesEachSecretForTokenOfItsOwn() {
        List<String> exchanged = new ArrayList<>();
        StubTransport wire = new StubTransport((n, call) -> {
            if (!call.plan().target().endsWith("/token")) {
                return Answer.of(200, "{}");
            }
            exchanged.add(String.valueOf(
                    call.plan().headers().get(call.plan().headers().indexOf("x-secret") + 1)));
            return Answer.of(200, "{\"access_token\":\"token-" + exchanged.size() + "-0123\"}");
        });
        VendorSpec spec = SPEC.withCredential(CredentialScheme.bearer()
                .exchangedBy(new TokenExchange(
                        "POST token",
                        secret -> ApiRequest.post("token").header("x-secret", secret.reveal()),
                        (answer, at) -> AccessToken.living(
                                Secret.of(answer.path("access_token").asString()), null, at),
                        Duration.ZERO)));
        ApiClient client = lab.client(spec, wire).secret(CLIENTS).build();

        for (int i = 0; i < 2; i++) {
            lab.value(client.value(ApiRequest.get("a")));
            lab.value(client.value(ApiRequest.get("a").credential(OWN)));
        }

        assertThat(exchanged).containsExactly(CLIENTS.reveal(), OWN.reveal());
        assertThat(wire.sent.stream()
                        .filter(sent -> sent.line().endsWith("/a"))
                        .map(sent -> sent.header("authorization")))
                .containsExactly(
                        "Bearer token-1-0123", "Bearer token-2-0123", "Bearer token-1-0123", "Bearer token-2-0123");
    }

    @Test
    void failsSecretWithoutFormOfScheme() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(SPEC.withCredential(CredentialScheme.basic()), wire)
                .secret(Secret.of("user:password"))
                .build();

        ApiException failed = lab.failure(client.value(ApiRequest.get("a").credential(OWN)));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failed).hasMessageContaining("secret: no colon").hasMessageNotContaining(OWN.reveal());
    }

    @Test
    void keepsIdempotencyKeyApartFromSecret() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(SPEC.withKeyPlacement(KeyPlacement.header("Idempotency-Key")), wire)
                .secret(CLIENTS)
                .build();
        ApiRequest<JsonNode> order =
                ApiRequest.post("orders").body(List.of(1)).idempotencyKey(IdempotencyKey.of("order-1"));

        lab.value(client.value(order));
        lab.value(client.value(order.credential(OWN)));

        assertThat(wire.sent)
                .allSatisfy(sent -> assertThat(sent.header("idempotency-key")).isEqualTo("order-1"));
    }
}
