package io.penstock.test.simulator.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InfraonResourcesTest {

    private static final String CHANGES = "/ux/sd/change/change/";
    private static final String DEPARTMENTS = "/ux/common/department/department/";
    private static final String TAGS = "/ux/tags/";

    @AutoClose
    private final InfraonSimulator infraon = InfraonSimulator.start();

    private final Caller caller = new Caller(infraon);

    @Test
    void createsAndListsChange() throws Exception {
        Answer created = caller.post(CHANGES, "{\"summary\":\"VPN Issue\",\"state_id\":3}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().at("/data/summary").stringValue()).isEqualTo("VPN Issue");
        JsonNode row = caller.get(CHANGES).json().at("/results/0");
        assertThat(row.propertyNames()).containsExactly("change_id", "display_id", "summary", "state_id");
        assertThat(row.get("change_id")).isEqualTo(created.json().get("id"));
        assertThat(row.get("display_id")).isNotEqualTo(row.get("change_id"));
        assertThat(row.get("state_id").intValue()).isEqualTo(3);
        assertThat(caller.post(CHANGES, "{\"state_id\":3}").literal())
                .isEqualTo("400 {\"summary\":[\"This field is required.\"]}");
        assertThat(infraon.effects().count("POST " + CHANGES)).isEqualTo(1);
    }

    @Test
    void createsDepartmentSilentlyThenChangesAndDeletesIt() throws Exception {
        Answer created = caller.post(
                DEPARTMENTS, "{\"dept_name\":\"IT\",\"dept_head\":[\"a\",2],\"description\":\"d\",\"prime_user\":[]}");
        assertThat(created.literal()).isEqualTo("201 ");
        String path = DEPARTMENTS + "1/";
        assertThat(caller.get(path).text())
                .isEqualTo("{\"id\":1,\"dept_name\":\"IT\",\"dept_head\":\"a, 2\",\"description\":\"d\","
                        + "\"prime_user\":[]}");
        assertThat(caller.put(path, "{\"dept_name\":\"Ops\",\"id\":7}").status())
                .isEqualTo(200);
        assertThat(caller.get(DEPARTMENTS).json().get("results").toString())
                .isEqualTo("[{\"id\":1,\"dept_name\":\"Ops\"}]");
        assertThat(caller.delete(path).literal()).isEqualTo("204 ");
        assertThat(caller.get(path).literal()).isEqualTo("404 {\"detail\":\"Not found.\"}");
        assertThat(caller.post(DEPARTMENTS, "{}").literal())
                .isEqualTo("400 {\"dept_name\":[\"This field is required.\"]}");
        assertThat(infraon.effects().all())
                .extracting(Effect::operation)
                .containsExactly(
                        "POST " + DEPARTMENTS, "PUT " + DEPARTMENTS + "{id}/", "DELETE " + DEPARTMENTS + "{id}/");
    }

    @Test
    void providesTeamsAndWorkflowsFromTheStart() throws Exception {
        assertThat(caller.get("/ux/common/teams/profile/")
                        .json()
                        .at("/results/0/name")
                        .stringValue())
                .isEqualTo("Service Desk");
        assertThat(caller.get("/ux/common/workflow/config/")
                        .json()
                        .at("/results/0/title")
                        .stringValue())
                .isEqualTo("Incident");
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void servesAnyPathAsResource() throws Exception {
        Answer created = caller.post(TAGS, "{\"name\":\"a\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("data").toString()).isEqualTo("{\"id\":1,\"name\":\"a\"}");
        caller.post(TAGS, "{\"name\":\"b\"}");
        assertThat(caller.get(TAGS).json().get("count").intValue()).isEqualTo(2);
        assertThat(caller.get(TAGS + "2/").text()).isEqualTo("{\"id\":2,\"name\":\"b\"}");
        assertThat(caller.put(TAGS + "1/", "{\"name\":\"c\"}")
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("success");
        assertThat(caller.get(TAGS + "1/").text()).isEqualTo("{\"id\":1,\"name\":\"c\"}");
        assertThat(caller.delete(TAGS + "1/").status()).isEqualTo(204);
        assertThat(caller.get(TAGS).json().get("results").toString()).isEqualTo("[{\"id\":2,\"name\":\"b\"}]");
        assertThat(infraon.effects().count("POST " + TAGS)).isEqualTo(2);
        assertThat(infraon.effects().count("PUT " + TAGS + "{id}/")).isEqualTo(1);
        assertThat(infraon.effects().count("DELETE " + TAGS + "{id}/")).isEqualTo(1);
    }

    @Test
    void rejectsUselessRequestsToResource() throws Exception {
        String id = infraon.add(TAGS, "{\"name\":\"a\"}");
        assertThat(caller.put(TAGS + id + "/", "{}").literal())
                .isEqualTo("200 {\"status\":\"error\",\"msg\":\"No data to update.\"}");
        assertThat(caller.post(TAGS, "[]").status()).isEqualTo(400);
        assertThat(caller.put(TAGS, "{}").status()).isEqualTo(405);
        assertThat(caller.post(TAGS + id + "/", "{}").status()).isEqualTo(405);
        assertThat(caller.get(TAGS + "99/").status()).isEqualTo(404);
        assertThat(caller.delete(TAGS + "99/").status()).isEqualTo(404);
        assertThat(infraon.effects().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ux/", "/other/", "/ux//", "/api/user/", "/ux/7//"})
    void rejectsPathOutsideTheApi(String path) throws Exception {
        assertThat(caller.get(path).literal()).isEqualTo("404 {\"detail\":\"Not found.\"}");
    }

    @Test
    void rejectsMalformedQuery() throws Exception {
        assertThat(WireLine.get(infraon, TAGS + "?page=%zz")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void advancesJobByHand() throws Exception {
        String id = infraon.add("/ux/jobs/", "{\"state\":\"queued\"}");
        assertThat(state(id)).isEqualTo("queued");
        infraon.change("/ux/jobs/", id, "state", "running");
        assertThat(state(id)).isEqualTo("running");
        assertThat(infraon.effects().count()).isZero();
    }

    @Test
    void advancesJobAfterPolls() throws Exception {
        String id = infraon.add("/ux/jobs/", "{\"state\":\"queued\"}");
        String other = infraon.add("/ux/jobs/", "{\"state\":\"queued\"}");
        infraon.changeAfterPolls("/ux/jobs/", id, 2, "state", "done");
        assertThat(state(id)).isEqualTo("queued");
        assertThat(state(other)).isEqualTo("queued");
        assertThat(state(id)).isEqualTo("queued");
        assertThat(state(id)).isEqualTo("done");
        infraon.change("/ux/jobs/", id, "state", "archived");
        assertThat(state(id)).isEqualTo("archived");
        assertThat(state(other)).isEqualTo("queued");
    }

    @Test
    void reportsMistakesOfTests() {
        assertThatThrownBy(() -> infraon.change(TAGS, "9", "a", "b"))
                .hasMessage("id: 9 (expected: the id of an object in /ux/tags/)");
        assertThatThrownBy(() -> infraon.changeAfterPolls(TAGS, "9", -1, "a", "b"))
                .hasMessage("polls: -1 (expected: >= 0)");
        assertThatThrownBy(() -> infraon.add("/ux/tags", "{}"))
                .hasMessage("path: /ux/tags (expected: /ux/…/, and not of incidents)");
        assertThatThrownBy(() -> infraon.serve(Caller.INCIDENTS))
                .hasMessage("path: /ux/sd/inci/incident/ (expected: /ux/…/, and not of incidents)");
        assertThatThrownBy(() -> infraon.add(TAGS, "[]")).hasMessage("json: [] (expected: an object)");
    }

    @Test
    void servesOsImageAsFile() throws Exception {
        Answer image = caller.get("/ux/nccm/os-image/");
        assertThat(image.status()).isEqualTo(200);
        assertThat(image.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(image.header("content-length")).isEqualTo("262144");
        assertThat(image.response().body()).isEqualTo(infraon.osImage());
    }

    private String state(String id) throws Exception {
        return caller.get("/ux/jobs/" + id + "/").json().get("state").stringValue();
    }
}
