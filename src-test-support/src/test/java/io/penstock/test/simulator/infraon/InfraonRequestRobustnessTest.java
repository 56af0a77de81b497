package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests accepted by the simulator where Infraon's documents contradict themselves; numbered as in the list of wire
 * facts.
 */
class InfraonRequestRobustnessTest {

    private static final String INCIDENTS = Caller.INCIDENTS;
    private static final String DEPARTMENTS = "/ux/common/department/department/";

    @AutoClose
    private final Running<InfraonSimulator, InfraonRules> running =
            new Running<>(InfraonRules.documented(), InfraonSimulator::start);

    @Test
    void f1AcceptsKeyInSchemeOrRawAndTokenUnchanged() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        assertThat(status(infraon, "ApiKey " + infraon.secret())).isEqualTo(200);
        assertThat(status(infraon, infraon.secret())).isEqualTo(401);
        assertThat(status(infraon, token(infraon))).isEqualTo(200);
        running.close();
        InfraonSimulator raw =
                running.start(rules -> rules.withKeyForm(KeyForm.RAW).withTokenPrefix("infraon "));
        assertThat(status(raw, raw.secret())).isEqualTo(200);
        assertThat(status(raw, "ApiKey " + raw.secret())).isEqualTo(401);
        assertThat(status(raw, token(raw))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f2ForbidsMissingKeyButRejectsWrongOrExpiredOne(boolean quirk) throws Exception {
        SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");
        InfraonSimulator infraon = running.start(
                rules -> quirk ? rules.withClock(clock).with(Quirk.MISSING_KEY_IS_401) : rules.withClock(clock));
        String expired = "ApiKey " + infraon.issueKey(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(new Caller(infraon, "").get(INCIDENTS).literal())
                .isEqualTo((quirk ? 401 : 403) + " {\"error\":\"API key is missing.\"}");
        assertThat(new Caller(infraon, "ApiKey wrong").get(INCIDENTS).literal())
                .isEqualTo("401 {\"error\":\"Invalid API key.\"}");
        assertThat(new Caller(infraon, expired).get(INCIDENTS).literal())
                .isEqualTo("401 {\"error\":\"Invalid API key.\"}");
    }

    @Test
    void f7ServesPathsWithoutCommonPrefix() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        Caller caller = new Caller(infraon);
        assertThat(caller.get("/api/user").status()).isEqualTo(200);
        assertThat(caller.get("/ux/api/user/").status()).isEqualTo(200);
        assertThat(caller.get("/ux/api/user").status()).isEqualTo(404);
        assertThat(caller.get("/sd/inci/incident/").status()).isEqualTo(404);
        assertThat(infraon.baseUri()).hasPath("");
    }

    @Test
    void f10RequiresPagingOnRequest() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.with(Quirk.PAGING_REQUIRED)));
        assertThat(caller.get(INCIDENTS + "?page=1").literal())
                .isEqualTo("400 {\"items_per_page\":[\"This field is required.\"]}");
        assertThat(caller.get(INCIDENTS + "?items_per_page=50").literal())
                .isEqualTo("400 {\"page\":[\"This field is required.\"]}");
        assertThat(caller.get(INCIDENTS + "?items_per_page=50&page=1").status()).isEqualTo(200);
    }

    @Test
    void f11ReadsFiltersFromBodyOfGet() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        infraon.addIncidents(3);
        String body = "{\"filters\":{\"summary\":\"Incident 3\"}}";
        JsonNode list = new Caller(infraon).get(INCIDENTS, body).json();
        assertThat(list.get("count").intValue()).isEqualTo(1);
        assertThat(infraon.requests().of("GET", INCIDENTS).get(0).body()).isEqualTo(body);
    }

    @Test
    void f12AcceptsAttachmentOnlyWithCamelCaseIncidentId() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        infraon.addIncidents(1);
        String body = "{\"incidentId\":\"1\",\"files\":[{\"file_data\":\"data:a/b;base64,aaaa\","
                + "\"formatted_size\":\"3 B\",\"file_name\":\"f\"}]}";
        Caller caller = new Caller(infraon);
        assertThat(caller.post(INCIDENTS + "add-attachment/", body.replace("incidentId", "incident_id"))
                        .literal())
                .isEqualTo("400 {\"incidentId\":[\"This field is required.\"]}");
        assertThat(caller.post(INCIDENTS + "add-attachment/", body).status()).isEqualTo(200);
        assertThat(infraon.attachments("1")).hasSize(1);
    }

    @Test
    void f13ExpectsUnwrappedDetailAndDropsOmittedMembers() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        Caller caller = new Caller(infraon);
        String body = Caller.INCIDENT.replace("}", ",\"custom\":{\"a\":1}}");
        String path = INCIDENTS + caller.post(INCIDENTS, body).json().get("id") + "/";
        JsonNode detail = caller.get(path).json();
        assertThat(caller.put(path, detail).json().get("status").stringValue()).isEqualTo("error");
        assertThat(caller.put(path, detail.get("incident")).json().get("status").stringValue())
                .isEqualTo("success");
        assertThat(caller.get(path).json().at("/incident/custom/a").intValue()).isEqualTo(1);
        ((ObjectNode) detail.get("incident")).remove("custom");
        caller.put(path, detail.get("incident"));
        assertThat(caller.get(path).json().get("incident").has("custom")).isFalse();
    }

    @Test
    void f13AcceptsStaleStampAndLosesUpdate() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        String path = caller.incidentPath();
        ObjectNode mine = (ObjectNode) caller.get(path).json().get("incident");
        ObjectNode theirs = mine.deepCopy();
        ((ObjectNode) theirs.get("basic_info")).put("description", "theirs");
        caller.put(path, theirs.put("last_update_time", "2999-01-01T00:00:00Z"));
        ((ObjectNode) mine.get("basic_info")).put("summary", "mine");
        assertThat(caller.put(path, mine).json().get("status").stringValue()).isEqualTo("success");
        JsonNode after = caller.get(path).json().at("/incident/basic_info");
        assertThat(after.get("summary").stringValue()).isEqualTo("mine");
        assertThat(after.has("description")).isFalse();
    }

    @Test
    void f14TakesPlainPasswordAtOneLoginAndBase64AtTheOther() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        String plain = infraon.password();
        String coded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(login(infraon, "/ux/api-token-auth/", plain)).isEqualTo(200);
        assertThat(login(infraon, "/ux/api-token-auth/", coded)).isEqualTo(401);
        assertThat(login(infraon, "/ux/api-token/", coded)).isEqualTo(200);
        assertThat(login(infraon, "/ux/api-token/", plain)).isEqualTo(401);
    }

    @Test
    void f15RejectsOrRedirectsPathWithoutSlash() throws Exception {
        InfraonSimulator strict = running.start(rules -> rules);
        String slashless = "/ux/sd/inci/incident";
        assertThat(new Caller(strict).post(slashless, Caller.INCIDENT).literal())
                .isEqualTo("404 {\"detail\":\"Not found.\"}");
        assertThat(strict.effects().count()).isZero();
        running.close();
        InfraonSimulator redirecting = running.start(rules -> rules.with(Quirk.REDIRECT_TO_SLASH));
        Answer redirect = new Caller(redirecting).post(slashless + "?a=b", Caller.INCIDENT);
        assertThat(redirect.literal()).isEqualTo("301 ");
        assertThat(redirect.header("location")).isEqualTo("/ux/sd/inci/incident/?a=b");
        assertThat(new Caller(redirecting).get("/api/user").status()).isEqualTo(200);
        assertThat(redirecting.effects().count()).isZero();
    }

    @Test
    void f16RejectsUndeclaredPathOfModule() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.with(Quirk.DECLARED_PATHS_ONLY));
        Caller caller = new Caller(infraon);
        infraon.serve("/ux/vendor/");
        assertThat(caller.get("/ux/vendor/").status()).isEqualTo(200);
        assertThat(caller.get("/ux/vendor-managemment/").literal()).isEqualTo("404 {\"detail\":\"Not found.\"}");
        assertThat(caller.post("/ux/vendor-managemment/", "{\"a\":1}").status()).isEqualTo(404);
        assertThat(caller.get("/ux/vendor-managemment/7/").status()).isEqualTo(404);
        assertThat(caller.get(DEPARTMENTS).status()).isEqualTo(200);
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void f17VariesOnlyTheTextOfErrorsWithOneStatus() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules);
        Caller caller = new Caller(infraon, "");
        JsonNode username = caller.post("/ux/api-token-auth/", "{}").json();
        JsonNode password =
                caller.post("/ux/api-token-auth/", "{\"username\":\"u\"}").json();
        assertThat(username.propertyNames()).isEqualTo(password.propertyNames()).containsExactly("error");
        assertThat(username).isNotEqualTo(password);
        infraon.faults().next(Fault.status(403, Map.of(), "application/json", "{\"error\":\"No permission.\"}"));
        Answer forbidden = caller.get(INCIDENTS);
        Answer missing = caller.get(INCIDENTS);
        assertThat(forbidden.status()).isEqualTo(missing.status()).isEqualTo(403);
        assertThat(forbidden.text()).isNotEqualTo(missing.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ux/api-token-auth/", "/ux/api-token/"})
    void f19AnswersLoginWithoutToken(String path) throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.with(Quirk.LOGIN_WITHOUT_TOKEN));
        String coded = Base64.getEncoder().encodeToString(infraon.password().getBytes(StandardCharsets.UTF_8));
        String password = path.endsWith("auth/") ? infraon.password() : coded;
        assertThat(Caller.login(infraon, path, infraon.username(), password).literal())
                .isEqualTo("200 {\"status\":\"success\"}");
    }

    private static int login(InfraonSimulator infraon, String path, String password) throws Exception {
        return Caller.login(infraon, path, infraon.username(), password).status();
    }

    private static int status(InfraonSimulator infraon, String authorization) throws Exception {
        return new Caller(infraon, authorization).get(INCIDENTS).status();
    }

    private static String token(InfraonSimulator infraon) throws Exception {
        return Caller.login(infraon).json().get("token").stringValue();
    }
}
