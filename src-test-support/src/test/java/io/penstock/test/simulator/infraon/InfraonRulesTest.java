package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InfraonRulesTest {

    private static final String INCIDENTS = Caller.INCIDENTS;
    private static final String DEPARTMENTS = "/ux/common/department/department/";

    @AutoClose
    private final Running<InfraonSimulator, InfraonRules> running =
            new Running<>(InfraonRules.documented(), InfraonSimulator::start);

    @ParameterizedTest
    @CsvSource({"SCHEME,200,401", "RAW,401,200", "EITHER,200,200"})
    void acceptsKeyInConfiguredForm(KeyForm form, int inScheme, int raw) throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withKeyForm(form));
        assertThat(new Caller(infraon, "ApiKey " + infraon.secret())
                        .get(INCIDENTS)
                        .status())
                .isEqualTo(inScheme);
        assertThat(new Caller(infraon, infraon.secret()).get(INCIDENTS).status())
                .isEqualTo(raw);
    }

    @Test
    void expiresTokenAfterConfiguredLifetime() throws Exception {
        SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");
        InfraonSimulator infraon =
                running.start(rules -> rules.withClock(clock).withTokenLifetime(Duration.ofSeconds(5)));
        Caller caller = new Caller(infraon, token(infraon));
        clock.advance(Duration.ofMillis(4_999));
        assertThat(caller.get(INCIDENTS).status()).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.get(INCIDENTS).status()).isEqualTo(401);
    }

    @Test
    void issuesTokenWithConfiguredPrefix() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withTokenPrefix("infraon "));
        String token = token(infraon);
        assertThat(token).matches("infraon [0-9a-z]{40}");
        assertThat(new Caller(infraon, token).get(INCIDENTS).status()).isEqualTo(200);
        assertThat(new Caller(infraon, token.substring(8)).get(INCIDENTS).status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void rejectsLoginWithConfiguredStatus(int status) throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withIncorrectLoginStatus(status));
        assertThat(Caller.login(infraon, "/ux/api-token-auth/", "nobody", "p").literal())
                .isEqualTo(status + " {\"error\":\"Incorrect username or password.\"}");
    }

    @Test
    void cutsPageToConfiguredLimit() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withMaxPageLimit(2));
        infraon.addIncidents(3);
        JsonNode list = new Caller(infraon).get(INCIDENTS).json();
        assertThat(list.get("results")).hasSize(2);
        assertThat(list.get("max_page_limit").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"incident_id", "id", "uuid"})
    void namesRowIdAsConfigured(String member) throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.withRowIdMember(member));
        infraon.addIncidents(1);
        JsonNode row = new Caller(infraon).get(INCIDENTS).json().at("/results/0");
        assertThat(row.propertyNames()).contains(member, "display_id").doesNotContainAnyElementsOf(others(member));
        assertThat(new Caller(infraon).get(INCIDENTS + row.get(member) + "/").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"BY_RESOURCE,false,true", "EMPTY,true,true", "RESULT,false,false"})
    void sendsConfiguredCreatedBody(CreatedBody body, boolean emptyIncident, boolean emptyDepartment) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withCreatedBody(body)));
        Answer incident = caller.post(INCIDENTS, Caller.INCIDENT);
        assertThat(incident.status()).isEqualTo(201);
        assertThat(incident.text().isEmpty()).isEqualTo(emptyIncident);
        Answer department = caller.post(DEPARTMENTS, "{\"dept_name\":\"IT\"}");
        assertThat(department.status()).isEqualTo(201);
        assertThat(department.text().isEmpty()).isEqualTo(emptyDepartment);
    }

    @Test
    void servesOsImageWithConfiguredContentType() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withOsImageContentType("application/x-tar")));
        assertThat(caller.get("/ux/nccm/os-image/").header("content-type")).isEqualTo("application/x-tar");
    }

    @Test
    void limitsEachCredentialUntilWindowEnds() throws Exception {
        SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");
        InfraonSimulator infraon = running.start(
                rules -> rules.withClock(clock).withRequestsPerWindow(2).withRateWindow(Duration.ofSeconds(30)));
        Caller caller = new Caller(infraon);
        for (int i = 0; i < 2; i++) {
            assertThat(caller.post(INCIDENTS, Caller.INCIDENT).status()).isEqualTo(201);
        }
        clock.advance(Duration.ofMillis(17_500));
        Answer refused = caller.post(INCIDENTS, Caller.INCIDENT);
        assertThat(refused.literal())
                .isEqualTo("429 {\"detail\":\"Request was throttled. Expected available in 13 seconds.\"}");
        assertThat(refused.header("retry-after")).isEqualTo("13");
        assertThat(infraon.effects().count()).isEqualTo(2);
        assertThat(new Caller(infraon, "ApiKey " + infraon.issueKey())
                        .get(INCIDENTS)
                        .status())
                .isEqualTo(200);
        clock.advance(Duration.ofMillis(12_500));
        assertThat(caller.get(INCIDENTS).status()).isEqualTo(200);
    }

    @Test
    void omitsRetryAfterOnRequest() throws Exception {
        InfraonSimulator infraon =
                running.start(rules -> rules.withRequestsPerWindow(1).with(Quirk.NO_RETRY_AFTER));
        Caller caller = new Caller(infraon);
        caller.get(INCIDENTS);
        Answer refused = caller.get(INCIDENTS);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response().headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void wrapsUndocumentedErrorsInDocumentedEnvelope() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.with(Quirk.UNIFORM_ERRORS));
        Caller caller = new Caller(infraon);
        assertThat(caller.get(INCIDENTS + "9/").literal()).isEqualTo("404 {\"error\":\"Not found.\"}");
        assertThat(caller.post(INCIDENTS, "{}").literal())
                .isEqualTo("400 {\"error\":\"summary: This field is required.\"}");
        infraon.faults().next(Fault.status(503));
        assertThat(caller.get(INCIDENTS).literal()).isEqualTo("503 {\"error\":\"Service Unavailable.\"}");
    }

    @Test
    void answersUpdatesWithoutBodyOnRequest() throws Exception {
        InfraonSimulator infraon = running.start(rules -> rules.with(Quirk.EMPTY_UPDATES));
        infraon.addIncidents(1);
        Caller caller = new Caller(infraon);
        JsonNode incident = caller.get(INCIDENTS + "1/").json().get("incident");
        assertThat(caller.put(INCIDENTS + "1/", incident).literal()).isEqualTo("200 ");
        String id = infraon.add("/ux/tags/", "{}");
        assertThat(caller.put("/ux/tags/" + id + "/", "{\"a\":1}").literal()).isEqualTo("200 ");
        assertThat(caller.put("/ux/tags/" + id + "/", "{}").text()).contains("\"status\":\"error\"");
        assertThat(infraon.effects().count()).isEqualTo(2);
    }

    @Test
    void answersConversationsWithBodiesOnRequest() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.with(Quirk.CONVERSATION_BODIES)));
        String path = caller.incidentPath() + "conversation/";
        assertThat(caller.post(path, "{\"description\":\"hello\"}")
                        .json()
                        .get("data")
                        .toString())
                .isEqualTo("{\"id\":1,\"description\":\"hello\"}");
        assertThat(caller.get(path + "1/").text()).isEqualTo("{\"id\":1,\"description\":\"hello\"}");
        caller.post(
                INCIDENTS + "save-rich-text/",
                "{\"ref_id\":1,\"rich_text_content\":{\"description\":\"<p>n</p>\",\"type\":\"Add Notes\"}}");
        assertThat(caller.get(path).json().at("/results/1/description").stringValue())
                .isEqualTo("<p>n</p>");
        assertThat(caller.put(path + "1/", "{\"description\":\"bye\"}")
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("success");
    }

    @Test
    void addsAndRemovesQuirks() {
        InfraonRules rules = InfraonRules.documented().with(Quirk.TEXT_IDS).with(Quirk.BARE_LISTS, Quirk.TOTAL_PAGES);
        assertThat(rules.quirks()).containsExactlyInAnyOrder(Quirk.TEXT_IDS, Quirk.BARE_LISTS, Quirk.TOTAL_PAGES);
        assertThat(rules.without(Quirk.TEXT_IDS, Quirk.TOTAL_PAGES).quirks()).containsExactly(Quirk.BARE_LISTS);
        assertThat(rules.withMaxPageLimit(7).quirks()).hasSize(3);
        assertThat(InfraonRules.documented().quirks()).isEmpty();
    }

    @Test
    void copiesQuirks() {
        InfraonRules base = InfraonRules.documented();
        Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        InfraonRules rules = new InfraonRules(
                base.keyForm(),
                base.tokenLifetime(),
                base.tokenPrefix(),
                base.incorrectLoginStatus(),
                base.maxPageLimit(),
                base.linkOrigin(),
                base.rowIdMember(),
                base.createdBody(),
                base.resultMessage(),
                base.osImageContentType(),
                base.requestsPerWindow(),
                base.rateWindow(),
                quirks,
                base.clock());
        quirks.add(Quirk.TEXT_IDS);
        assertThat(rules).isEqualTo(base);
    }

    @Test
    void rejectsSenselessValues() {
        InfraonRules rules = InfraonRules.documented();
        assertThatThrownBy(() -> rules.withTokenLifetime(Duration.ZERO))
                .hasMessage("tokenLifetime: PT0S (expected: > 0 and <= PT876000H)");
        assertThatThrownBy(() -> rules.withTokenLifetime(Duration.ofDays(36_501)))
                .hasMessage("tokenLifetime: PT876024H (expected: > 0 and <= PT876000H)");
        assertThatThrownBy(() -> rules.withIncorrectLoginStatus(500))
                .hasMessage("incorrectLoginStatus: 500 (expected: 400 to 499)");
        assertThatThrownBy(() -> rules.withMaxPageLimit(0)).hasMessage("maxPageLimit: 0 (expected: >= 1)");
        assertThatThrownBy(() -> rules.withLinkOrigin("10.0.0.1/"))
                .hasMessage("linkOrigin: 10.0.0.1/ (expected: empty or scheme://host)");
        assertThatThrownBy(() -> rules.withRowIdMember("display_id"))
                .hasMessage("rowIdMember: display_id (expected: incident_id or id or uuid)");
        assertThatThrownBy(() -> rules.withRequestsPerWindow(-1)).hasMessage("requestsPerWindow: -1 (expected: >= 0)");
        assertThatThrownBy(() -> rules.withRateWindow(Duration.ZERO)).hasMessage("rateWindow: PT0S (expected: > 0)");
    }

    private static Set<String> others(String member) {
        Set<String> others = new HashSet<>(Set.of("incident_id", "id", "uuid"));
        others.remove(member);
        return others;
    }

    private static String token(InfraonSimulator infraon) throws Exception {
        return Caller.login(infraon).json().get("token").stringValue();
    }
}
