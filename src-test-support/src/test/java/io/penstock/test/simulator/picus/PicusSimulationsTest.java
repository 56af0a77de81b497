package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PicusSimulationsTest {

    private static final String CREATE = "POST /v1/simulations";

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PicusSimulator picus =
            PicusSimulator.start(PicusRules.documented().withClock(clock).withMinimumPageSize(1));

    private final Caller caller = new Caller(picus);

    @Test
    void acceptsDocumentedRequest() throws Exception {
        Answer created = caller.post("/v1/simulations", """
                {"agent_id":3,"agent_user_ids":[1,2],"auto_resume":true,"description":"…","force":false,
                "integrations":[1,2,3],"name":"simulation - 1",
                "obfuscation_methods":"Base64 Encoding, XOR Encryption",
                "protocols":[{"module_id":1,"protocols":["http","https"]}],
                "schedule":{"name":"Schedule-1","frequency":"WEEKLY","frequency_interval":2,"day_of_week":[1,3],
                "day_of_month":[1,30],"start_time":0},"schedule_now":true,"template_id":1}""");
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.json().propertyNames())
                .containsExactly("simulation", "run_info", "run_immediately", "simulation_already_exist");
        assertThat(created.json().get("run_info").toString())
                .isEqualTo("{\"id\":1,\"status\":\"SCHEDULED\",\"browser\":\"\"}");
        assertThat(created.json().at("/simulation/integrations").toString()).isEqualTo("[1,2,3]");
        assertThat(created.at("/run_immediately")).isEqualTo("true");
        assertThat(created.at("/simulation_already_exist")).isEqualTo("false");
    }

    @Test
    void holdsSimulationThatIsNotStarted() throws Exception {
        Answer created = caller.post("/v1/simulations", "{\"name\":\"s\",\"template_id\":1}");
        assertThat(created.at("/run_immediately")).isEqualTo("false");
        assertThat(created.number("/run_info/id")).isZero();
        assertThat(caller.get("/v1/simulations/1").at("/Simulations/status")).isEqualTo("WAITING FOR THE FIRST RUN");
        assertThat(caller.get("/v1/simulations/1/run/latest").status()).isEqualTo(404);
        assertThatThrownBy(() -> picus.advanceSimulation(1, "RUNNING")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reportsExistingSimulationOfSameNameWithoutEffect() throws Exception {
        Answer first = caller.simulate("s");
        Answer second = caller.simulate("s");
        assertThat(second.at("/simulation_already_exist")).isEqualTo("true");
        assertThat(second.at("/run_immediately")).isEqualTo("false");
        assertThat(second.json().get("simulation")).isEqualTo(first.json().get("simulation"));
        assertThat(second.number("/run_info/id")).isEqualTo(first.number("/run_info/id"));
        assertThat(picus.effects().count()).isEqualTo(1);
    }

    @Test
    void createsIdenticalSimulationByForce() throws Exception {
        caller.simulate("s");
        Answer forced = caller.post("/v1/simulations", "{\"name\":\"s\",\"template_id\":1,\"force\":true}");
        assertThat(forced.at("/simulation_already_exist")).isEqualTo("false");
        assertThat(forced.number("/simulation/id")).isEqualTo(2);
        assertThat(picus.effects().all())
                .extracting(Effect::operation, Effect::id)
                .containsExactly(tuple(CREATE, "1"), tuple(CREATE, "2"));
    }

    @Test
    void createsOneSimulationForConcurrentCreatesOfOneName() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Answer>> calls = Collections.nCopies(8, () -> caller.simulate("s"));
            List<String> existed = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                existed.add(answer.get().at("/simulation_already_exist"));
            }
            assertThat(Collections.frequency(existed, "false")).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(picus.effects().count(CREATE)).isEqualTo(1);
    }

    @Test
    void listsCompletedSimulationAsInSample() throws Exception {
        caller.post(
                "/v1/simulations",
                "{\"name\":\"Simulation-1\",\"template_id\":1,\"agent_id\":1,\"schedule_now\":true}");
        picus.advanceSimulation(1, "COMPLETED");
        JsonNode item = caller.get("/v1/simulations").json().at("/simulations/0");
        String sample = """
                {"simulation_id":1,"simulation_name":"Simulation-1","status":"COMPLETED",
                "agent":{"id":1,"name":"Agent-1","status":"alive","type":"Windows","version":"3.4.0.0"},
                "completion_ratio":100,"detection_analysis":{"integrations":[{"id":1,"product_name":"Crowdstrike"}]},
                "has_detection_analysis":true,"has_last_run_detection_analysis":true,"last_detection_security_score":50,
                "last_prevention_security_score":50,"fail_reason_message":"",
                "status_details":{"prevention":{"completed_threat_count":1,"total_threat_count":1},
                "detection":{"completed_threat_count":1,"total_threat_count":1}},"template_id":1,
                "template_name":"Template #1","updated_at":%d}""".formatted(clock.instant().getEpochSecond());
        assertThat(item).hasToString(Json.parse(sample).toString());
    }

    @Test
    void advancesRunByHandAndEndsItOnce() throws Exception {
        caller.simulate("s");
        for (String status : List.of("RUNNING", "PAUSED BY THE VENDOR", "COMPLETED")) {
            picus.advanceSimulation(1, status);
            assertThat(caller.get("/v1/simulations/1").at("/Simulations/status"))
                    .isEqualTo(status);
            assertThat(caller.get("/v1/simulations/1/run/latest").at("/status")).isEqualTo(status);
            assertThat(caller.get("/v1/simulations/1/run/1").at("/status")).isEqualTo(status);
        }
        assertThat(caller.get("/v1/simulations/1/run/latest").number("/completion_ratio"))
                .isEqualTo(100);
        assertThatThrownBy(() -> picus.advanceSimulation(1, "RUNNING"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("COMPLETED");
        assertThatThrownBy(() -> picus.advanceSimulation(9, "RUNNING"))
                .hasMessageStartingWith("simulationId: 9 (expected: ");
    }

    @Test
    void reportsBlankStatusAsMistakeOfTest() throws Exception {
        caller.simulate("s");
        assertThatThrownBy(() -> picus.advanceSimulation(1, " ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void returnsReasonOfFailedRun() throws Exception {
        caller.simulate("s");
        picus.failSimulation(1, "agent is dead");
        Answer run = caller.get("/v1/simulations/1/run/latest");
        assertThat(run.at("/status")).isEqualTo("FAILED");
        assertThat(run.at("/fail_reason_message")).isEqualTo("agent is dead");
        assertThat(run.number("/results/prevention/security_score")).isZero();
        assertThat(caller.get("/v1/simulations/1").at("/Simulations/fail_reason_message"))
                .isEqualTo("agent is dead");
    }

    @Test
    void completesRunAfterPolls() throws Exception {
        try (PicusSimulator polled =
                PicusSimulator.start(PicusRules.documented().withPollsToFinish(3))) {
            Caller polling = new Caller(polled);
            polling.simulate("s");
            assertThat(polling.get("/v1/simulations").at("/simulations/0/status"))
                    .isEqualTo("SCHEDULED");
            assertThat(polling.get("/v1/simulations/1").at("/Simulations/status"))
                    .isEqualTo("RUNNING");
            assertThat(polling.get("/v1/simulations/1/run/latest").at("/status"))
                    .isEqualTo("RUNNING");
            assertThat(polling.get("/v1/simulations/1/run/1").at("/status")).isEqualTo("COMPLETED");
            assertThat(polling.get("/v1/simulations/1").at("/Simulations/status"))
                    .isEqualTo("COMPLETED");
        }
    }

    @Test
    void keepsResultOfEveryRun() throws Exception {
        caller.simulate("s");
        picus.advanceSimulation(1, "COMPLETED");
        Answer again = caller.post("/v1/simulations/1/simulate-now", "");
        assertThat(again.number("/run_info/id")).isEqualTo(2);
        assertThat(again.at("/simulation_already_exist")).isEqualTo("false");
        assertThat(caller.get("/v1/simulations/1/run/1").at("/status")).isEqualTo("COMPLETED");
        assertThat(caller.get("/v1/simulations/1/run/latest").number("/simulation_run_id"))
                .isEqualTo(2);
        assertThat(picus.effects().all())
                .extracting(Effect::operation, Effect::id)
                .containsExactly(tuple(CREATE, "1"), tuple("POST /v1/simulations/{Id}/simulate-now", "2"));
    }

    @Test
    void startsRunOnUpdateWhenRequested() throws Exception {
        caller.post("/v1/simulations", "{\"name\":\"s\",\"template_id\":1}");
        assertThat(caller.put("/v1/simulations/1", "{}").at("/run_immediately")).isEqualTo("false");
        Answer updated = caller.put("/v1/simulations/1", "{\"schedule_now\":true}");
        assertThat(updated.json().propertyNames()).containsExactly("run_immediately", "simulation");
        assertThat(caller.get("/v1/simulations/1/run/latest").at("/status")).isEqualTo("SCHEDULED");
        assertThat(picus.effects().count("PUT /v1/simulations/{Id}")).isEqualTo(2);
    }

    @Test
    void cancelsRunOnce() throws Exception {
        caller.simulate("s");
        assertThat(caller.put("/v1/simulations/1/cancel", "").text()).isEqualTo("{\"success\":true}");
        assertThat(caller.get("/v1/simulations/1").at("/Simulations/status")).isEqualTo("STOPPED");
        Answer again = caller.put("/v1/simulations/1/cancel", "");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text()).isEqualTo("{\"message\":\"simulation is not running\",\"success\":false}");
        assertThat(picus.effects().count("PUT /v1/simulations/{Id}/cancel")).isEqualTo(1);
    }

    @Test
    void deletesSimulation() throws Exception {
        caller.simulate("s");
        assertThat(caller.delete("/v1/simulations/1").text()).isEqualTo("{\"success\":true}");
        assertThat(caller.get("/v1/simulations/1").status()).isEqualTo(404);
        assertThat(caller.delete("/v1/simulations/1").status()).isEqualTo(404);
        assertThat(picus.effects().count("DELETE /v1/simulations/{Id}")).isEqualTo(1);
        assertThat(caller.simulate("s").number("/simulation/id")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                    1 2 3",
        "?status=RUNNING,                       2",
        "'?status=RUNNING,COMPLETED',           1 2",
        "?status=WAITING%20FOR%20THE%20FIRST%20RUN, 3",
        "?simulation_name=nightly,              1 2",
        "?agent_id=3,                           3",
        "?agent_name=gent-3,                    3",
        "?template_id=1,                        1 2",
        "?template_name=%232,                   3",
        "?prevention_result_gte=50,             1",
        "?prevention_result_lte=-1,             2 3",
        "?detection_result_gte=51,              ''",
        "?detection_result_lte=50&status=RUNNING, 2",
        "?limit=1&offset=1,                     2",
    })
    void filtersList(String query, String ids) throws Exception {
        caller.simulate("nightly 1");
        caller.simulate("nightly 2");
        caller.post("/v1/simulations", "{\"name\":\"other\",\"template_id\":2,\"agent_id\":3}");
        picus.advanceSimulation(1, "COMPLETED");
        picus.advanceSimulation(2, "RUNNING");
        Answer answer = caller.get("/v1/simulations" + query);
        assertThat(answer.json()
                        .get("simulations")
                        .valueStream()
                        .map(item -> item.get("simulation_id").asString()))
                .containsExactly(ids.isEmpty() ? new String[0] : ids.split(" "));
    }

    @Test
    void distinguishesSameActionByNode() throws Exception {
        caller.simulate("s");
        String actions = "/v1/simulations/1/run/latest/threats/1/actions";
        JsonNode tree =
                caller.get("/v1/simulations/1/run/latest/threats").json().at("/threats/0/objectives/0/actions/0");
        assertThat(tree.at("/true_items/0/action_id").intValue()).isEqualTo(2);
        assertThat(tree.at("/false_items/0/action_id")).isEqualTo(tree.get("action_id"));
        assertThat(caller.get(actions).number("/pages/total_count")).isEqualTo(3);
        assertThat(caller.get(actions + "/1").number("/node_id")).isEqualTo(11);
        assertThat(caller.get(actions + "/1?node_id=13").number("/node_id")).isEqualTo(13);
        assertThat(caller.get(actions + "/1?node_id=12").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsEffectOfCreateWhoseAnswerIsLost(boolean reset) throws Exception {
        picus.faults().on("POST", "/v1/simulations", reset ? Fault.resetAfterEffect() : Fault.closeAfterEffect());
        assertThatThrownBy(() -> caller.simulate("s")).isInstanceOf(IOException.class);
        assertThat(picus.effects().count(CREATE)).isEqualTo(1);
        assertThat(caller.get("/v1/simulations?simulation_name=s").number("/pages/total_count"))
                .isEqualTo(1);
    }

    @Test
    void resetsCreateWithoutEffect() throws Exception {
        picus.faults().on("POST", "/v1/simulations", Fault.resetBeforeRequestActs());
        assertThatThrownBy(() -> caller.simulate("s")).isInstanceOf(IOException.class);
        assertThat(picus.effects().count()).isZero();
        assertThat(picus.requests().of("POST", "/v1/simulations")).hasSize(1);
    }
}
