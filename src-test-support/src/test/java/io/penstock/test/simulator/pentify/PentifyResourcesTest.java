package io.penstock.test.simulator.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PentifyResourcesTest {

    private static final String HOOK =
            "{\"url\":\"https://example.com/pentify-hook\",\"events\":[\"scan.completed\",\"scan.failed\"]}";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PentifySimulator pentify =
            PentifySimulator.start(PentifyRules.documented().withClock(clock));

    private final Caller caller = new Caller(pentify);

    @Test
    void requiresVerificationBeforeScan() throws Exception {
        Answer registered = caller.post("/v1/targets", "{\"target\":\"example.com\"}");
        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.id()).startsWith("tgt_");
        assertThat(registered.json().get("verified").booleanValue()).isFalse();
        Answer refused = caller.scan("example.com", "quick");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("target_not_verified");
        assertThat(caller.scan(registered.id(), "quick").code()).isEqualTo("target_not_verified");
        Answer verified = caller.post("/v1/targets/" + registered.id() + "/verify", "");
        assertThat(verified.status()).isEqualTo(200);
        assertThat(verified.json().get("verified").booleanValue()).isTrue();
        assertThat(caller.scan("example.com", "quick").status()).isEqualTo(201);
        assertThat(caller.scan(registered.id(), "quick").status()).isEqualTo(201);
        assertThat(pentify.effects().all())
                .extracting(Effect::operation)
                .containsExactly(
                        "POST /v1/targets", "POST /v1/targets/{id}/verify", "POST /v1/scans", "POST /v1/scans");
    }

    @Test
    void chargesTenTokensForThirtyDaysOfVerification() throws Exception {
        String id = caller.post("/v1/targets", "{\"target\":\"example.com\"}").id();
        long balance = pentify.balance();
        caller.post("/v1/targets/" + id + "/verify", "");
        assertThat(pentify.balance()).isEqualTo(balance - 10);
        clock.advance(Duration.ofDays(30).minusMillis(1));
        assertThat(caller.scan("example.com", "quick").status()).isEqualTo(201);
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.scan("example.com", "quick").code()).isEqualTo("target_not_verified");
    }

    @Test
    void rejectsTargetMarkedUnverifiedUntilVerified() throws Exception {
        pentify.markUnverified("example.com");
        assertThat(caller.scan("example.com", "quick").code()).isEqualTo("target_not_verified");
        assertThat(caller.scan("example.org", "quick").status()).isEqualTo(201);
        String id = caller.post("/v1/targets", "{\"target\":\"example.com\"}").id();
        caller.post("/v1/targets/" + id + "/verify", "");
        assertThat(caller.scan("example.com", "quick").status()).isEqualTo(201);
    }

    @Test
    void listsTargets() throws Exception {
        String id = caller.post("/v1/targets", "{\"target\":\"example.com\"}").id();
        JsonNode list = caller.get("/v1/targets").json();
        assertThat(list.at("/data/0/id").stringValue()).isEqualTo(id);
        assertThat(list.at("/data/0/target").stringValue()).isEqualTo("example.com");
    }

    @Test
    void rejectsTargetWithoutHostAndUnknownTarget() throws Exception {
        assertThat(caller.post("/v1/targets", "{}").code()).isEqualTo("validation_error");
        assertThat(caller.post("/v1/targets/tgt_none/verify", "").code()).isEqualTo("not_found");
        assertThat(pentify.effects().count()).isZero();
    }

    @Test
    void returnsWebhookSecretOnce() throws Exception {
        Answer created = caller.post("/v1/webhooks", HOOK);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().propertyNames())
                .containsExactlyInAnyOrder("id", "url", "events", "secret", "created_at");
        assertThat(created.json().get("secret").stringValue()).startsWith("whsec_");
        Answer read = caller.get("/v1/webhooks/" + created.id());
        assertThat(read.json().propertyNames()).containsExactlyInAnyOrder("id", "url", "events", "created_at");
        assertThat(read.json().get("url").stringValue()).isEqualTo("https://example.com/pentify-hook");
        assertThat(read.json().get("events")).hasSize(2);
        JsonNode listed = caller.get("/v1/webhooks").json().at("/data/0");
        assertThat(listed).isEqualTo(read.json());
    }

    @Test
    void deletesWebhookOnce() throws Exception {
        String path = "/v1/webhooks/" + caller.post("/v1/webhooks", HOOK).id();
        Answer deleted = caller.delete(path);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.text()).isEmpty();
        assertThat(caller.get(path).code()).isEqualTo("not_found");
        assertThat(caller.delete(path).code()).isEqualTo("not_found");
        assertThat(pentify.effects().count("POST /v1/webhooks")).isEqualTo(1);
        assertThat(pentify.effects().count("DELETE /v1/webhooks/{id}")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"events\":[\"scan.completed\"]}",
                "{\"url\":\"https://example.com\"}",
                "{\"url\":\"https://example.com\",\"events\":[]}",
                "{\"url\":\"https://example.com\",\"events\":[\"scan.succeeded\"]}",
            })
    void rejectsIncompleteWebhook(String body) throws Exception {
        assertThat(caller.post("/v1/webhooks", body).code()).isEqualTo("validation_error");
        assertThat(pentify.effects().count()).isZero();
    }

    @Test
    void servesPublicPathsWithoutKeyAndCost() throws Exception {
        long balance = pentify.balance();
        assertThat(anonymous("/openapi.json").json().get("openapi").stringValue())
                .startsWith("3.1");
        assertThat(anonymous("/token-packs").json().get("data")).hasSize(1);
        assertThat(anonymous("/healthz").status()).isEqualTo(200);
        assertThat(anonymous("/v1/healthz").status()).isEqualTo(200);
        assertThat(pentify.balance()).isEqualTo(balance);
    }

    @Test
    void returnsTokenOfDeviceOnce() throws Exception {
        URI poll = pentify.origin().resolve("/auth/terminal/poll?device_id=dev-1");
        Answer waiting = Caller.anonymous(poll);
        assertThat(waiting.status()).isEqualTo(404);
        assertThat(waiting.code()).isEqualTo("not_paired_yet");
        String token = pentify.pair("dev-1");
        assertThat(Caller.anonymous(pentify.origin().resolve("/auth/terminal/poll?device_id=dev-2"))
                        .code())
                .isEqualTo("not_paired_yet");
        Answer paired = Caller.anonymous(poll);
        assertThat(paired.status()).isEqualTo(200);
        assertThat(paired.json().get("token").stringValue()).isEqualTo(token).startsWith("pt_live_");
        Answer consumed = Caller.anonymous(poll);
        assertThat(consumed.status()).isEqualTo(410);
        assertThat(consumed.code()).isEqualTo("pairing_consumed");
        assertThat(new Caller(pentify, token).get("/v1/usage").status()).isEqualTo(200);
        assertThat(new Caller(pentify, token).get("/v1/webhooks").code()).isEqualTo("insufficient_scope");
    }

    @Test
    void revokesFormerTokenOnNewPairing() throws Exception {
        String former = pentify.pair("dev-1");
        String later = pentify.pair("dev-1");
        assertThat(new Caller(pentify, former).get("/v1/usage").code()).isEqualTo("invalid_api_key");
        assertThat(anonymous("/auth/terminal/poll?device_id=dev-1")
                        .json()
                        .get("token")
                        .stringValue())
                .isEqualTo(later);
    }

    @Test
    void pairsDeviceAgainAfterConsumption() throws Exception {
        pentify.pair("dev-1");
        anonymous("/auth/terminal/poll?device_id=dev-1");
        String later = pentify.pair("dev-1");
        assertThat(anonymous("/auth/terminal/poll?device_id=dev-1")
                        .json()
                        .get("token")
                        .stringValue())
                .isEqualTo(later);
    }

    @Test
    void pollsPairingUnmeteredButOnlyWithDevice() throws Exception {
        for (int i = 0; i < 70; i++) {
            assertThat(anonymous("/auth/terminal/poll?device_id=d").code()).isEqualTo("not_paired_yet");
        }
        assertThat(anonymous("/auth/terminal/poll").code()).isEqualTo("validation_error");
    }

    private Answer anonymous(String path) throws Exception {
        return Caller.anonymous(pentify.origin().resolve(path));
    }
}
