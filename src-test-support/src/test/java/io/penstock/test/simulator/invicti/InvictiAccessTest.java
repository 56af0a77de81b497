package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvictiAccessTest {

    @AutoClose
    private final InvictiSimulator invicti = InvictiSimulator.start();

    private final Caller caller = new Caller(invicti);

    @Test
    void acceptsKeyOnlyWithoutScheme() throws Exception {
        assertThat(caller.getWith("x-auth", invicti.secret(), Caller.ME).status())
                .isEqualTo(200);
        assertThat(caller.getWith("X-Auth", "Bearer " + invicti.secret(), Caller.ME)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void ignoresAuthorizationHeader() throws Exception {
        assertThat(caller.getWith("Authorization", "Bearer " + invicti.secret(), Caller.ME)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void rejectsMissingAndUnknownKeysWithoutEffect() throws Exception {
        assertThat(caller.getWithoutKey(Caller.ME).status()).isEqualTo(401);
        Answer refused = new Caller(invicti, "unknown").scan("t");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text())
                .isEqualTo("{\"error\":\"Unauthorized\",\"message\":\"The API key is missing or unknown\"}");
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void regeneratesKeyOfSameUserAndRejectsOldValue() throws Exception {
        String old = invicti.issueKey();
        String user = new Caller(invicti, old).get(Caller.ME).text("id");
        String key = invicti.regenerate(old);
        assertThat(new Caller(invicti, old).get(Caller.ME).status()).isEqualTo(401);
        assertThat(new Caller(invicti, key).get(Caller.ME).text("id")).isEqualTo(user);
        assertThatThrownBy(() -> invicti.regenerate(old))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key: ");
    }

    @Test
    void keepsRegeneratedKeyReadOnly() throws Exception {
        String key = invicti.regenerate(invicti.issueReadOnlyKey());
        assertThat(new Caller(invicti, key).scan("t").status()).isEqualTo(403);
    }

    @Test
    void rejectsRevokedKeyAtOnce() throws Exception {
        String key = invicti.issueKey();
        assertThat(new Caller(invicti, key).get(Caller.ME).status()).isEqualTo(200);
        invicti.revoke(key);
        assertThat(new Caller(invicti, key).get(Caller.ME).status()).isEqualTo(401);
        assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
    }

    @Test
    void forbidsWritesWithReadOnlyKey() throws Exception {
        String id = invicti.addTarget("Target A", "https://target-a.com");
        Caller reader = new Caller(invicti, invicti.issueReadOnlyKey());
        assertThat(reader.get(Caller.TARGETS + "/" + id).status()).isEqualTo(200);
        Answer refused = reader.send("DELETE", Caller.TARGETS + "/" + id, "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("error")).isEqualTo("Forbidden");
        assertThat(reader.post(Caller.APPLICATIONS, "{\"name\":\"a\"}").status())
                .isEqualTo(403);
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void forbidsClientOutsideAllowListUntilAdmitted() throws Exception {
        invicti.shutOut(true);
        Answer refused = caller.get(Caller.ME);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("message")).contains("allow-list");
        assertThat(new Caller(invicti, "unknown").get(Caller.ME).status()).isEqualTo(401);
        invicti.shutOut(false);
        assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
    }

    @Test
    void logsEveryCall() throws Exception {
        caller.get(Caller.ME);
        caller.getWithoutKey(Caller.ME);
        assertThat(invicti.requests().of("GET", Caller.ME)).hasSize(2);
        assertThat(invicti.requests().all().get(0).header("X-Auth")).isEqualTo(invicti.secret());
    }

    @Test
    void returnsUserAndOrganizationOfKey() throws Exception {
        Answer me = caller.get(Caller.ME);
        assertThat(me.json().propertyNames()).containsExactly("id", "organizationId");
        assertThat(new Caller(invicti, invicti.issueKey()).get(Caller.ME).text("id"))
                .isNotEqualTo(me.text("id"));
    }

    @Test
    void returnsSamlSettingsAsObject() throws Exception {
        assertThat(caller.get("/api/identity/v1/saml/settings").text()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/v1/nothing", "/api/v1/scans/", "/api/v2/scans", "/v1/scans"})
    void rejectsUnknownPaths(String path) throws Exception {
        Answer refused = caller.get(path);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text()).isEqualTo("{\"error\":\"NotFound\",\"message\":\"No such resource\"}");
    }

    @ParameterizedTest
    @CsvSource({"DELETE,/api/v1/scans", "PUT,/api/v1/targets", "POST,/api/identity/v1/me"})
    void rejectsUnknownMethods(String method, String path) throws Exception {
        assertThat(caller.send(method, path, "{}").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/v1/targets/x",
        "DELETE, /api/v1/targets/x",
        "PATCH,  /api/v1/targets/x/configuration",
        "GET,    /api/v1/scans/x",
        "GET,    /api/v1/scans/x/results",
        "GET,    /api/v1/scans/x/results/y/statistics",
        "GET,    /api/v1/scans/x/results/y/vulnerabilities",
        "GET,    /api/v1/vulnerabilities/x/http_response",
        "POST,   /api/v1/scans/x/abort",
        "POST,   /api/v1/scans/x/pause",
        "POST,   /api/v1/scans/x/resume",
        "POST,   /api/v1/scans/x/trigger",
        "GET,    /api/v1/reports/x",
        "GET,    /api/v1/reports/x/download",
        "GET,    /api/v1/exports/x",
    })
    void rejectsUnknownResourcesWithoutEffect(String method, String path) throws Exception {
        assertThat(caller.send(method, path, "{}").status()).isEqualTo(404);
        assertThat(invicti.effects().count()).isZero();
    }
}
