package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The published samples, and the changes caused by writes. */
class PicusSamplesTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PicusSimulator picus =
            PicusSimulator.start(PicusRules.documented().withClock(clock));

    private final Caller caller = new Caller(picus);

    @Test
    void returnsFirstAgentAsInSample() throws Exception {
        String sample = """
                {"id":1,"name":"Agent-1","type":"Windows","status":"alive","version":"3.4.0.0",
                "platform_name":"Windows 10","platform_architecture":"64-bit","created_at":1650284604358}""";
        assertThat(caller.get("/v1/agents").json().at("/agents/0")).isEqualTo(Json.parse(sample));
        assertThat(caller.get("/v1/agents/1").json().get("Agent")).isEqualTo(Json.parse(sample));
        assertThat(caller.get("/v1/agents/2").at("/Agent/name")).isEqualTo("Agent-2");
    }

    @Test
    void returnsIntegrationAsInSample() throws Exception {
        assertThat(caller.get("/v1/integrations").json()).isEqualTo(Json.parse("""
                {"integrations":[{"integration_id":1,"name":"Crowdstrike","display_name":"Crowdstrike",
                "connection_name":"TAC-1","type":"SIEM / EDR","health_status":{"healthy":false,
                "error":{"step":"Connection","type":"…","message":"…"}},"integration_agent":"…",
                "integration_agent_id":1,"default_integration_id":1,"created_at":1645625919624,
                "updated_at":1645625919624}]}"""));
    }

    @Test
    void returnsFirstUserAsInSample() throws Exception {
        assertThat(caller.get("/v1/users").json().at("/users/0")).isEqualTo(Json.parse("""
                {"user_id":1234,"email":"abc@def.com","role":"admin","role_id":4567,"login_type":"sso",
                "last_login_time":"1743141698"}"""));
    }

    @Test
    void returnsFirstActivityLogAsInSample() throws Exception {
        assertThat(caller.get("/v1/activity-logs").json().at("/activity_logs/0"))
                .isEqualTo(Json.parse("""
                {"action":"IntegrationAgentDown","event_type":"Agent","event_time":"1743141698","event_activity":{},
                "ip":"123.123.123.123"}"""));
    }

    @Test
    void returnsScoresAsInSampleForEachPair() throws Exception {
        Answer answer = caller.post("/v1/exposures/instances/scores", """
                {"filters":{"host_exposure_pairs":[{"exposure_id":"CVE-2022-21903","hostname":"asset-001"},
                {"exposure_id":"CVE-2022-21904","hostname":"asset-002"}]}}""");
        assertThat(answer.json().at("/instance_scores/0")).isEqualTo(Json.parse("""
                {"asset_id":"asset-001","cve_id":"CVE-2022-21903","asset_criticality":3.9,"contextual_cvss":7.6,
                "exploitability":71,"picus_exposure_score":7.2,"security_control_effectiveness":"75.0"}"""));
        assertThat(answer.at("/instance_scores/1/cve_id")).isEqualTo("CVE-2022-21904");
    }

    @Test
    void returnsResultOfCompletedRunAsInSample() throws Exception {
        caller.simulate("s");
        picus.advanceSimulation(1, "COMPLETED");
        JsonNode result = caller.get("/v1/simulations/1/run/latest").json();
        long seconds = clock.instant().getEpochSecond();
        assertThat(result.get("started_at").longValue()).isEqualTo(seconds);
        assertThat(result.get("results")).isEqualTo(Json.parse("""
                {"prevention":{"security_score":50,"threat":{"blocked_count":1,"not_blocked_count":1,
                "not_tested_count":0,"total_count":2},"attacker_objectives":{"achived_count":1,"unachived_count":1,
                "not_tested_count":0,"total_count":2}},"has_detection_analysis":true,
                "detection_analysis":{"security_score":50,"has_alert_analysis":true,"has_log_analysis":true,
                "log":{"score":1,"logged_threat_count":1,"not_logged_threat_count":0},
                "alert":{"score":1,"alerted_threat_count":1,"not_alerted_threat_count":0},
                "integrations":[{"id":1,"product_name":"Crowdstrike"}]}}"""));
    }

    @Test
    void listsAssignsAndDeletesInvitedUser() throws Exception {
        long id = caller.post("/v1/users/invite", "{\"email\":\"new@def.com\",\"login_type\":\"sso\",\"role_id\":4567}")
                .number("/id");
        assertThat(caller.get("/v1/users?role=admin").number("/users/1/user_id"))
                .isEqualTo(id);
        assertThat(caller.put("/v1/users/" + id + "/role", "{\"role_id\":4568}").text())
                .isEqualTo("{\"success\":true}");
        assertThat(caller.get("/v1/users?role=admin").number("/pages/total_count"))
                .isEqualTo(1);
        assertThat(caller.delete("/v1/users/" + id).text()).isEqualTo("{\"success\":true}");
        assertThat(caller.delete("/v1/users/" + id).status()).isEqualTo(404);
        assertThat(picus.effects().all())
                .extracting(effect -> effect.operation() + " " + effect.id())
                .containsExactly(
                        "POST /v1/users/invite " + id,
                        "PUT /v1/users/{userId}/role " + id,
                        "DELETE /v1/users/{userId} " + id);
    }

    @Test
    void rejectsUnknownRoleWithoutEffect() throws Exception {
        assertThat(caller.put("/v1/users/1234/role", "{\"role_id\":1}").status())
                .isEqualTo(404);
        assertThat(caller.post("/v1/users/invite", "{\"email\":\"a\",\"login_type\":\"sso\",\"role_id\":1}")
                        .status())
                .isEqualTo(404);
        assertThat(picus.effects().count()).isZero();
        assertThat(caller.get("/v1/users").at("/users/0/role")).isEqualTo("admin");
    }

    @Test
    void returnsCreatedTemplate() throws Exception {
        Answer created = caller.post("/v1/templates", "{\"name\":\"mine\",\"content\":{\"threats\":[1]}}");
        long id = created.number("/id");
        assertThat(created.json().at("/content/threats/0").intValue()).isEqualTo(1);
        assertThat(caller.get("/v1/templates/" + id).at("/Template/name")).isEqualTo("mine");
        assertThat(caller.get("/v1/templates?category_name=none").json().get("templates"))
                .isEmpty();
        assertThat(caller.get("/v1/templates?content_type=Static").number("/pages/total_count"))
                .isEqualTo(61);
    }

    @Test
    void changesExportsAndDeletesCreatedThreat() throws Exception {
        Answer created = caller.post("/v1/threat-library/threats", "{\"name\":\"t\",\"severity\":\"low\",\"id\":7}");
        long id = created.number("/threat/id");
        assertThat(id).isEqualTo(61);
        assertThat(created.at("/threat/severity")).isEqualTo("low");
        String path = "/v1/threat-library/threats/" + id;
        assertThat(caller.put(path, "{\"severity\":\"high\"}").at("/threat/severity"))
                .isEqualTo("high");
        assertThat(caller.get(path).at("/threat/severity")).isEqualTo("high");
        assertThat(caller.get(path + "/export").text()).isEqualTo("id: 61\n");
        assertThat(caller.delete(path).json().propertyNames()).containsExactly("message");
        assertThat(caller.get(path).status()).isEqualTo(404);
        assertThat(picus.effects().all())
                .hasSize(3)
                .allMatch(effect -> effect.id().equals("61"));
    }

    @Test
    void listsUploadedFilesAndCreatedActions() throws Exception {
        long file = caller.upload("/v1/threat-library/files", "file").number("/remote_file_id");
        assertThat(caller.get("/v1/threat-library/files?offset=60").number("/files/0/id"))
                .isEqualTo(file);
        long action =
                caller.post("/v1/threat-library/actions", "{\"name\":\"mine\"}").number("/action/id");
        assertThat(caller.get("/v1/threat-library/actions/" + action).at("/action/name"))
                .isEqualTo("mine");
        assertThat(caller.get("/v2/threat-library/actions?offset=60").at("/actions/0/name"))
                .isEqualTo("mine");
        long process = caller.post("/v1/threat-library/processes", "{\"process_type\":\"cmd\"}")
                .number("/process/id");
        assertThat(caller.get("/v1/threat-library/processes?offset=60").number("/processes/0/id"))
                .isEqualTo(process);
        long threat = caller.upload("/v1/threat-library/threats/import", "file").number("/campaign_id");
        assertThat(caller.get("/v1/threat-library/threats/" + threat).at("/threat/name"))
                .isEqualTo("Imported threat");
    }

    @Test
    void createsChangesAndDeletesCustomContent() throws Exception {
        String path = "/v1/mitigation/detection-content/custom";
        Answer created = caller.post(path, "{\"items\":[{\"content_name\":\"a\"},{\"content_name\":\"b\"}]}");
        assertThat(created.text()).isEqualTo("{\"created\":[61,62]}");
        assertThat(caller.put(path + "/62", "{\"content_name\":\"c\"}").json().propertyNames())
                .containsExactly("message");
        assertThat(caller.get(path + "/62").at("/name")).isEqualTo("c");
        assertThat(caller.delete(path + "/62").status()).isEqualTo(200);
        assertThat(caller.get(path + "/62").status()).isEqualTo(404);
        assertThat(picus.effects().count("POST " + path)).isEqualTo(2);
        assertThat(picus.effects().count("DELETE " + path + "/{content_id}")).isEqualTo(1);
    }

    @Test
    void appliesScriptedFaultsToTheirOperation() throws Exception {
        picus.faults().on("GET", "/v1/agents", Fault.htmlPage(503), Fault.truncateBody(5));
        assertThat(caller.get("/v1/integrations").status()).isEqualTo(200);
        Answer page = caller.get("/v1/agents");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThatThrownBy(() -> caller.get("/v1/agents")).isInstanceOf(IOException.class);
        assertThat(caller.get("/v1/agents").status()).isEqualTo(200);
        assertThat(picus.faults().pending()).isZero();
    }
}
