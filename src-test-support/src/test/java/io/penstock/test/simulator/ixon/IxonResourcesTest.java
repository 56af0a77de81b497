package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IxonResourcesTest {

    @AutoClose
    private final IxonSimulator ixon =
            IxonSimulator.start(IxonRules.documented().withLimits(IxonLimits.none()));

    private final Caller caller = new Caller(ixon);
    private final String agent = "/agents/" + ixon.agentId();

    @ParameterizedTest
    @ValueSource(strings = {"/groups", "/assets", "/webhook-subscriptions", "/agents/{agentId}/devices"})
    void createsReadsChangesAndDeletesRow(String template) throws Exception {
        String path = template.replace("{agentId}", ixon.agentId());
        Answer created = caller.post(path, "[{\"name\":\"First\",\"custom\":1}]");
        assertThat(created.status()).isEqualTo(201);
        String id = created.json().at("/data/0/publicId").stringValue();
        assertThat(id).matches("[0-9A-Za-z]{12}");
        assertThat(created.data().toString()).isEqualTo("[{\"publicId\":\"" + id + "\"}]");
        assertThat(caller.get(path + "/" + id + "?fields=*").data().toString())
                .isEqualTo("{\"publicId\":\"" + id + "\",\"name\":\"First\",\"custom\":1}");
        Answer changed = caller.patch(path + "/" + id, "{\"name\":\"Second\",\"publicId\":\"other\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.data().toString()).isEqualTo("{}");
        assertThat(caller.get(path + "/" + id).data().toString())
                .isEqualTo("{\"publicId\":\"" + id + "\",\"name\":\"Second\"}");
        assertThat(caller.patch(path, "[{\"publicId\":\"" + id + "\",\"name\":\"Third\"}]")
                        .status())
                .isEqualTo(200);
        assertThat(caller.get(path + "?filters=eq(name,%22Third%22)").data()).hasSize(1);
        assertThat(caller.delete(path + "/" + id, "").status()).isEqualTo(200);
        assertThat(caller.get(path + "/" + id).status()).isEqualTo(404);
        assertThat(ixon.effects().count("POST " + template)).isEqualTo(1);
        assertThat(ixon.effects().count("PATCH " + template)).isEqualTo(1);
        assertThat(ixon.effects().count("PATCH " + template + "/{publicId}")).isEqualTo(1);
        assertThat(ixon.effects().count("DELETE " + template + "/{publicId}")).isEqualTo(1);
    }

    @Test
    void returnsRequestedFieldsOfCreation() throws Exception {
        assertThat(caller.post("/groups?fields=name", "[{\"name\":\"a\"},{\"name\":\"b\"}]")
                        .json()
                        .at("/data/1/name")
                        .stringValue())
                .isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource({"'{',''", "'{}',''", "'[1]',''", "'[{\"name\":\"\"}]',name", "'[{\"name\":1}]',name"})
    void rejectsWrongBodyWithoutEffect(String body, String property) throws Exception {
        Answer refused = caller.post("/groups", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo(property);
        assertThat(ixon.effects().count()).isZero();
    }

    @Test
    void rejectsRowsOfUnknownAgent() throws Exception {
        Answer refused = caller.get("/agents/nobody/devices");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.property()).isEqualTo("agentId");
        assertThat(caller.post("/agents/nobody/reboot", "").status()).isEqualTo(404);
        assertThat(ixon.effects().count()).isZero();
    }

    @Test
    void separatesRowsOfCompanies() throws Exception {
        String other = caller.create("/companies", "{\"name\":\"Other\"}");
        assertThat(other).matches("^(\\d{4}-){4}\\d{4}$");
        caller.create("/groups", "{\"name\":\"a\"}");
        assertThat(caller.get("/groups").data()).hasSize(1);
        assertThat(caller.with("Api-Company", other).get("/groups").data()).isEmpty();
        assertThat(caller.with("Api-Company", other)
                        .get("/companies/me")
                        .data()
                        .get("name")
                        .stringValue())
                .isEqualTo("Other");
        caller.patch("/companies/me", "{\"name\":\"Renamed\"}");
        assertThat(caller.get("/companies/" + ixon.companyId())
                        .data()
                        .get("name")
                        .stringValue())
                .isEqualTo("Renamed");
    }

    @Test
    void changesAndRemovesSingleResource() throws Exception {
        caller.patch("/users/me", "{\"name\":\"Renamed\"}");
        assertThat(caller.get("/users/me").data().get("name").stringValue()).isEqualTo("Renamed");
        String code = caller.get(agent + "/pull-code").data().get("publicId").stringValue();
        assertThat(caller.get(agent + "/pull-code").data().get("publicId").stringValue())
                .isEqualTo(code);
        caller.delete(agent + "/pull-code", "");
        assertThat(caller.get(agent + "/pull-code").data().get("publicId").stringValue())
                .isNotEqualTo(code);
    }

    @Test
    void replacesRowsOnPut() throws Exception {
        String path = agent + "/router-ntp-servers";
        caller.create(path, "{\"name\":\"old\"}");
        Answer replaced = caller.send("PUT", path, "{\"name\":\"new\"}");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(caller.get(path).data()).hasSize(1);
        assertThat(caller.get(path).json().at("/data/0/name").stringValue()).isEqualTo("new");
        assertThat(caller.send("PUT", path, "{\"name\":\"\"}").status()).isEqualTo(400);
        assertThat(caller.get(path).data()).hasSize(1);
    }

    @Test
    void acceptsActionAndFinishesItByHand() throws Exception {
        Answer accepted = caller.post(agent + "/reboot", "");
        assertThat(accepted.status()).isEqualTo(201);
        assertThat(accepted.data().toString()).isEqualTo("{}");
        assertThat(ixon.effects().count("POST /agents/{agentId}/reboot")).isEqualTo(1);
        assertThat(caller.get(agent + "/audit-logs").data()).isEmpty();
        assertThat(ixon.finishActions(ixon.agentId())).isEqualTo(1);
        assertThat(ixon.finishActions(ixon.agentId())).isZero();
        assertThat(caller.get(agent + "/audit-logs?fields=*")
                        .json()
                        .at("/data/0/action")
                        .stringValue())
                .isEqualTo("TRIGGER");
        assertThat(caller.get("/audit-logs").data()).hasSize(1);
    }

    @Test
    void finishesActionAfterPolls() throws Exception {
        try (IxonSimulator polled = IxonSimulator.start(IxonRules.documented().withActionPolls(2))) {
            Caller other = new Caller(polled);
            String path = "/agents/" + polled.agentId();
            other.post(path + "/firmware-upgrade", "{}");
            assertThat(other.get(path).status()).isEqualTo(200);
            assertThat(other.get("/audit-logs").data()).isEmpty();
            assertThat(other.get(path + "/audit-logs").data()).hasSize(1);
            assertThat(polled.finishActions(polled.agentId())).isZero();
        }
    }

    @Test
    void appliesBulkActionToEachAgent() throws Exception {
        String second = ixon.put("/agents", "{\"name\":\"Second\"}");
        caller.post(
                "/agents/configuration/push",
                "[{\"publicId\":\"" + ixon.agentId() + "\"},{\"publicId\":\"" + second + "\"}]");
        assertThat(ixon.effects().count("POST /agents/configuration/push")).isEqualTo(2);
        assertThat(ixon.finishActions(second)).isEqualTo(1);
        assertThat(caller.get("/agents/" + second + "/audit-logs").data()).hasSize(1);
        assertThat(caller.get(agent + "/audit-logs").data()).isEmpty();
    }

    @Test
    void logsWritesAtOnce() throws Exception {
        String id = caller.create(agent + "/data-tags", "{\"name\":\"Temperature\"}");
        caller.delete(agent + "/data-tags/" + id, "");
        List<String> actions = new ArrayList<>();
        caller.get(agent + "/audit-logs?fields=*")
                .data()
                .forEach(entry -> actions.add(entry.get("action").stringValue()));
        assertThat(actions).containsExactly("CREATE", "DELETE");
    }

    @ParameterizedTest
    @CsvSource({
        "/public-files/upload,                     image/png",
        "/edge-apps/{publicId}/version-upload,     application/zip"
    })
    void requiresMediaTypeOfUpload(String template, String type) throws Exception {
        String app = caller.create("/edge-apps", "{\"name\":\"App\"}");
        String path = template.replace("{publicId}", app);
        Answer refused = caller.with("Content-Type", "text/plain").post(path, "x");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.property()).isEqualTo("Content-Type");
        Answer uploaded = caller.with("Content-Type", type).post(path, "x");
        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.data().get("publicId").stringValue()).isNotEmpty();
    }

    @Test
    void servesTriggersAddedByHand() throws Exception {
        String id = caller.create(
                "/webhook-subscriptions", "{\"name\":\"Hook\",\"timeout\":5,\"callbackUrl\":\"https://example.com\"}");
        String path = "/webhook-subscriptions/" + id + "/triggers";
        ixon.put(path, "{\"ok\":false,\"retrying\":true,\"status\":503,\"tryCount\":2}");
        assertThat(caller.with("Api-Company", null)
                        .get(path + "?fields=tryCount")
                        .json()
                        .at("/data/0/tryCount")
                        .intValue())
                .isEqualTo(2);
        assertThat(ixon.effects().count()).isEqualTo(1);
    }

    @Test
    void reportsMistakesOfTests() {
        assertThatThrownBy(() -> ixon.put("/nothing", "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: /nothing (expected: a collection of the contract)");
        assertThatThrownBy(() -> ixon.put("/agents", "[]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("json: [] (expected: an object)");
    }

    @Test
    void createsDuplicateWhenRepeatedAfterReset() throws Exception {
        ixon.faults().on("POST", "/api/groups", Fault.resetAfterEffect());
        assertThatThrownBy(() -> caller.post("/groups", "[{\"name\":\"a\"}]")).isInstanceOf(IOException.class);
        caller.post("/groups", "[{\"name\":\"a\"}]");
        assertThat(ixon.effects().count("POST /groups")).isEqualTo(2);
        assertThat(caller.get("/groups").data()).hasSize(2);
    }

    @Test
    void countsConcurrentCreations() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ids.add(threads.submit(() -> caller.create("/groups", "{\"name\":\"a\"}")));
            }
            List<String> created = new ArrayList<>();
            for (Future<String> id : ids) {
                created.add(id.get());
            }
            assertThat(created).doesNotHaveDuplicates();
        } finally {
            threads.shutdown();
        }
        assertThat(ixon.effects().count("POST /groups")).isEqualTo(200);
        assertThat(caller.get("/groups?page-size=1000").data()).hasSize(200);
    }
}
