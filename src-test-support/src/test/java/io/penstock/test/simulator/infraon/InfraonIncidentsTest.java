package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InfraonIncidentsTest {

    private static final String INCIDENTS = Caller.INCIDENTS;

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final InfraonSimulator infraon =
            InfraonSimulator.start(InfraonRules.documented().withClock(clock));

    private final Caller caller = new Caller(infraon);

    @Test
    void createsIncidentAndCountsOneEffect() throws Exception {
        Answer created = caller.post(INCIDENTS, """
                {"summary":"VPN down","description":"all of it","requester_email":"user@example.com",
                 "requester_name":"U. Ser","incident_type":{"id":1,"name":"Incident","prefix":"inci"},
                 "urgency":{"id":1,"name":"High"},"priority":{"id":1,"name":"Critical"},
                 "impact":{"id":1,"name":"Business"},"status":{"name":"Open"},"severity":{"name":"Major"}}""");
        assertThat(created.status()).isEqualTo(201);
        JsonNode result = created.json();
        assertThat(result.propertyNames()).containsExactly("status", "id", "message", "msg", "data");
        assertThat(result.get("status").stringValue()).isEqualTo("success");
        assertThat(result.get("data").propertyNames())
                .containsExactly(
                        "id",
                        "display_id",
                        "asset_id",
                        "summary",
                        "requester_email",
                        "priority",
                        "impact_service",
                        "creation_time",
                        "ci_name");
        assertThat(result.get("data").get("id")).isEqualTo(result.get("id"));
        assertThat(result.at("/data/summary").stringValue()).isEqualTo("VPN down");
        assertThat(result.at("/data/priority/name").stringValue()).isEqualTo("Critical");
        assertThat(infraon.effects().all()).extracting(Effect::operation).containsExactly("POST " + INCIDENTS);
        JsonNode row = caller.get(INCIDENTS).json().at("/results/0");
        assertThat(row.get("incident_id")).isEqualTo(result.get("id"));
        assertThat(row.get("display_id")).isEqualTo(result.at("/data/display_id"));
        assertThat(row.get("display_id")).isNotEqualTo(row.get("incident_id"));
        assertThat(row.get("urgency_name").stringValue()).isEqualTo("High");
        assertThat(row.get("severity_name").stringValue()).isEqualTo("Major");
        assertThat(row.get("status_name").stringValue()).isEqualTo("Open");
        assertThat(row.at("/requester/organization_name").stringValue()).isEqualTo("Example");
        assertThat(row.at("/requester/name").stringValue()).isEqualTo("U. Ser");
    }

    @Test
    void requiresOnlySummaryAndRequester() throws Exception {
        assertThat(caller.post(INCIDENTS, Caller.INCIDENT).status()).isEqualTo(201);
        JsonNode row = caller.get(INCIDENTS).json().at("/results/0");
        assertThat(row.get("status_name").stringValue()).isEqualTo("Open");
        assertThat(row.get("priority_name").isNull()).isTrue();
    }

    @Test
    void ignoresIdsAndInnerObjectOfTheClient() throws Exception {
        String own = "{\"incident_id\":9,\"display_id\":\"mine\",\"basic_info\":{\"summary\":\"mine\"},";
        caller.post(INCIDENTS, Caller.INCIDENT.replace("{", own));
        JsonNode incident = caller.get(INCIDENTS + "1/").json().get("incident");
        assertThat(incident.get("incident_id").intValue()).isEqualTo(1);
        assertThat(incident.get("display_id").stringValue()).isEqualTo("INCI-1");
        assertThat(incident.at("/basic_info/summary").stringValue()).isEqualTo("VPN down");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"requester_email\":\"u@example.com\"}  | {\"summary\":[\"This field is required.\"]}",
                "{\"summary\":\"s\"}                       | {\"requester_email\":[\"This field is required.\"]}",
                "{\"summary\":\" \"}                       | {\"summary\":[\"This field is required.\"]}",
                "{\"summary\":1}                           | {\"summary\":[\"This field is required.\"]}",
                "[]                            | {\"detail\":\"Invalid data. Expected a dictionary.\"}",
                "{                             | {\"detail\":\"JSON parse error\"}",
            })
    void rejectsIncompleteIncident(String body, String error) throws Exception {
        assertThat(caller.post(INCIDENTS, body).literal()).isEqualTo("400 " + error);
        assertThat(infraon.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"urgency,3", "priority,5", "impact,5"})
    void checksLookupsOnlyById(String member, int highest) throws Exception {
        assertThat(create(member, highest).status()).isEqualTo(201);
        assertThat(create(member, highest + 1).literal()).isEqualTo("400 {\"" + member + "\":[\"Unknown id.\"]}");
        assertThat(create(member, 0).status()).isEqualTo(400);
    }

    @Test
    void nestsDetailBesideItsOptions() throws Exception {
        JsonNode detail = caller.get(caller.incidentPath()).json();
        assertThat(detail.propertyNames())
                .containsExactly("incident", "options", "status", "transition_status", "stage_state_option_map");
        assertThat(detail.get("options").propertyNames())
                .containsExactly("users", "teams", "status", "urgency", "severity", "priority_matrix");
        assertThat(detail.at("/incident/basic_info/summary").stringValue()).isEqualTo("VPN down");
        assertThat(detail.at("/options/priority_matrix/0/name").stringValue()).isEqualTo("Critical");
        assertThat(detail.at("/options/teams/0/name").stringValue()).isEqualTo("Service Desk");
    }

    @Test
    void acceptsInnerObjectAsUpdate() throws Exception {
        String path = caller.incidentPath();
        clock.advance(Duration.ofMinutes(5));
        JsonNode detail = caller.get(path).json();
        ObjectNode incident = (ObjectNode) detail.get("incident");
        ObjectNode basic = (ObjectNode) incident.get("basic_info");
        basic.put("summary", "VPN up").set("status", detail.at("/options/status/1"));
        incident.put("last_update_time", "2026-04-29T14:16:09Z");
        incident.putObject("current_assignment_info").put("group_name", "Service Desk");
        Answer updated = caller.put(path, incident);
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.json().propertyNames()).containsExactly("status", "id", "message", "msg");
        assertThat(updated.json().get("status").stringValue()).isEqualTo("success");
        JsonNode after = caller.get(path).json().get("incident");
        assertThat(after.at("/basic_info/summary").stringValue()).isEqualTo("VPN up");
        assertThat(after.get("last_update_time").stringValue()).isEqualTo("2026-04-29T14:16:09Z");
        assertThat(after.get("creation_time").stringValue()).isEqualTo("2026-04-29T14:11:09Z");
        assertThat(after.at("/current_assignment_info/group_name").stringValue())
                .isEqualTo("Service Desk");
        assertThat(caller.get(INCIDENTS).json().at("/results/0/status_name").stringValue())
                .isEqualTo("Resolved");
        assertThat(infraon.effects().count("PUT " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @Test
    void requiresReasonForChangedPriority() throws Exception {
        String path = caller.incidentPath();
        JsonNode detail = caller.get(path).json();
        ObjectNode incident = (ObjectNode) detail.get("incident");
        ((ObjectNode) incident.get("basic_info")).set("priority", detail.at("/options/priority_matrix/1"));
        assertThat(caller.put(path, incident).literal())
                .isEqualTo("200 {\"status\":\"error\","
                        + "\"msg\":\"A changed priority needs temp_priority and comment.\"}");
        incident.set("temp_priority", detail.at("/options/priority_matrix/1"));
        incident.putObject("comment")
                .put("description", "<p>reason</p>")
                .put("type", "Priority Change")
                .put("is_private", false);
        assertThat(caller.put(path, incident).json().get("status").stringValue())
                .isEqualTo("success");
        JsonNode after = caller.get(path).json().get("incident");
        assertThat(after.at("/basic_info/priority/name").stringValue()).isEqualTo("High");
        assertThat(after.has("comment")).isFalse();
        assertThat(after.has("temp_priority")).isFalse();
        assertThat(infraon.effects().count("PUT " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"basic_info\":{}}", "{\"basic_info\":{\"summary\":\" \"}}"})
    void answersUselessUpdateWithOkAndError(String body) throws Exception {
        String path = caller.incidentPath();
        JsonNode before = caller.get(path).json();
        Answer failed = caller.put(path, body);
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.json().get("status").stringValue()).isEqualTo("error");
        assertThat(caller.get(path).json()).isEqualTo(before);
        assertThat(infraon.effects().count("PUT " + INCIDENTS + "{id}/")).isZero();
    }

    @Test
    void deletesIncident() throws Exception {
        String path = caller.incidentPath();
        assertThat(caller.delete(path).literal()).isEqualTo("204 ");
        assertThat(caller.get(path).literal()).isEqualTo("404 {\"detail\":\"Not found.\"}");
        assertThat(caller.delete(path).status()).isEqualTo(404);
        assertThat(caller.put(path, "{}").status()).isEqualTo(404);
        assertThat(infraon.effects().count("DELETE " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @Test
    void rejectsDisplayIdInPath() throws Exception {
        caller.incident();
        String display =
                caller.get(INCIDENTS).json().at("/results/0/display_id").stringValue();
        assertThat(caller.get(INCIDENTS + display + "/").status()).isEqualTo(404);
    }

    @Test
    void writesChangesAndDeletesConversationSilently() throws Exception {
        String path = caller.incidentPath() + "conversation/";
        assertThat(caller.post(path, "{\"description\":\"hello\"}").literal()).isEqualTo("201 ");
        assertThat(caller.get(path).literal()).isEqualTo("200 ");
        assertThat(caller.get(path + "1/").literal()).isEqualTo("200 ");
        assertThat(caller.put(path + "1/", "{\"description\":\"bye\"}").literal())
                .isEqualTo("200 ");
        assertThat(caller.delete(path + "1/").literal()).isEqualTo("204 ");
        assertThat(caller.get(path + "1/").status()).isEqualTo(404);
        String template = INCIDENTS + "{id}/conversation/";
        assertThat(infraon.effects().all())
                .extracting(Effect::operation)
                .containsExactly(
                        "POST " + INCIDENTS,
                        "POST " + template,
                        "PUT " + template + "{id}/",
                        "DELETE " + template + "{id}/");
        assertThat(caller.get(INCIDENTS + "99/conversation/").status()).isEqualTo(404);
    }

    @Test
    void savesRichText() throws Exception {
        String path = INCIDENTS + "save-rich-text/";
        String body =
                "{\"ref_id\":\"" + caller.incident() + "\",\"rich_text_content\":{\"description\":\"<p>text</p>\","
                        + "\"type\":\"Add Notes\",\"is_private\":false,\"work_duration\":{}}}";
        Answer saved = caller.post(path, body);
        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.json().get("status").stringValue()).isEqualTo("success");
        assertThat(infraon.effects().count("POST " + path)).isEqualTo(1);
        assertThat(caller.post(path, body.replace("\"ref_id\":\"1\"", "\"ref_id\":99"))
                        .status())
                .isEqualTo(404);
        assertThat(caller.post(path, "{\"ref_id\":1}").literal())
                .isEqualTo("400 {\"rich_text_content\":[\"This field is required.\"]}");
        assertThat(caller.post(path, "{\"ref_id\":1,\"rich_text_content\":{}}").literal())
                .isEqualTo("400 {\"description\":[\"This field is required.\"]}");
        assertThat(infraon.effects().count("POST " + path)).isEqualTo(1);
    }

    @Test
    void rejectsOtherMethods() throws Exception {
        assertThat(caller.delete(INCIDENTS).literal())
                .isEqualTo("405 {\"detail\":\"Method \\\"DELETE\\\" not allowed.\"}");
        assertThat(caller.post(caller.incidentPath(), "{}").status()).isEqualTo(405);
    }

    @Test
    void losesAnswerAfterEffect() {
        infraon.faults().on("POST", INCIDENTS, Fault.resetAfterEffect());
        assertThatThrownBy(() -> caller.post(INCIDENTS, Caller.INCIDENT)).isInstanceOf(IOException.class);
        assertThat(infraon.effects().count("POST " + INCIDENTS)).isEqualTo(1);
    }

    @Test
    void assignsDistinctIdsToConcurrentIncidents() {
        List<String> ids = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> caller.concurrentIncident())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSize(40);
        assertThat(infraon.effects().count("POST " + INCIDENTS)).isEqualTo(40);
    }

    private Answer create(String member, int id) throws Exception {
        ObjectNode body = (ObjectNode) JsonMapper.shared().readTree(Caller.INCIDENT);
        body.putObject(member).put("id", id).put("name", "Renamed");
        return caller.post(INCIDENTS, body.toString());
    }
}
