package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.picus.model.AgentDownload;
import io.penstock.picus.model.CustomContent;
import io.penstock.picus.model.DetectionRule;
import io.penstock.picus.model.DeviceScore;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.RunAction;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.test.simulator.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The rarer operations of Picus against the simulator, area by area. */
class PicusAreasTest extends PicusTest {

    private static final ListQuery ALL = ListQuery.first();

    private long started() {
        return picus.simulations()
                .create(NewSimulation.of("s", 1, 5L).startedNow())
                .block(PATIENCE)
                .simulation()
                .id();
    }

    private static List<String> names(List<JsonNode> items) {
        return items.stream().map(item -> item.get("name").asString()).toList();
    }

    @Test
    void returnsInstallerAndTokenOfAgent() {
        AgentDownload installer = picus.agents().downloadLink("Windows", "msi").block(PATIENCE);
        Secret token = picus.agents().reinstallToken(1).block(PATIENCE);

        assertThat(installer.link().getPath()).isEqualTo("/agents/Windows-msi");
        assertThat(installer.shortUrl()).isEqualTo(installer.link());
        assertThat(installer.version()).isEqualTo("3.4.0.0");
        assertThat(installer.more()).isEmpty();
        assertThat(token.reveal()).isEqualTo("reinstall-1");
    }

    @Test
    void downloadsManifestAndThreatToFiles(@TempDir Path directory) {
        Path manifest = directory.resolve("agent.yaml");
        Path threat = directory.resolve("threat.yaml");

        picus.agents().kubernetesYaml("agent", null, manifest).block(PATIENCE);
        assertThat(lastRequest().uri()).endsWith("download-yaml?agent_name=agent");
        picus.threatLibrary().exportThreat(7, threat).block(PATIENCE);

        assertThat(manifest).content().contains("name: agent");
        assertThat(manifest)
                .hasBinaryContent(picus.agents().kubernetesYaml("agent", null).block(PATIENCE));
        assertThat(threat).hasContent("id: 7");
        assertThat(threat)
                .hasBinaryContent(picus.threatLibrary().exportThreat(7).block(PATIENCE));
    }

    @Test
    void sendsScheduleThatStartsRunOnce() {
        long id = started();
        simulator.advanceSimulation(id, "COMPLETED");
        Map<String, Object> members =
                Map.of("schedule", Map.of("name", "weekly", "frequency", "WEEKLY"), "schedule_now", true);

        StartedSimulation updated = picus.simulations().update(id, members).block(PATIENCE);
        assertThat(updated.runImmediately()).isTrue();
        assertThat(updated.simulation().id()).isEqualTo(id);
        assertThat(updated.runInfo()).isNull();

        simulator.faults().on("PUT", "/v1/simulations/" + id, Fault.resetAfterEffect());
        assertThat(failureOf(picus.simulations().update(id, members))
                        .certainty()
                        .mayHaveActed())
                .isTrue();
        assertThat(picus.simulations().get(id).block(PATIENCE).runs()).hasSize(3);
    }

    @Test
    void returnsActionOfThreatByItsNode() {
        PicusRun run = picus.latestRun(started());

        List<RunAction> actions = run.actions(1, ALL).items().collectList().block(PATIENCE);
        RunAction second = run.action(1, 1, 13L).block(PATIENCE);

        assertThat(actions).extracting(RunAction::nodeId).containsExactly(11L, 12L, 13L);
        assertThat(second.nodeId()).isEqualTo(13L);
        assertThat(second.actionName()).isEqualTo("Action-1");
        assertThat(second.attackModuleId()).isEqualTo(2L);
        assertThat(second.completedAt()).isNull();
        assertThat(second.detectionAnalysis().isObject()).isTrue();
        assertThat(second.more()).isEmpty();
        assertThat(run.action(1, 1, null).block(PATIENCE).nodeId()).isEqualTo(11L);
        assertThat(lastRequest().uri()).doesNotContain("node_id");
    }

    @Test
    void readsEvidenceOfActionToItsEnd() {
        PicusRun run = picus.latestRun(started());
        ListQuery query = ListQuery.of(25, 0).where("node_id", 12);

        assertThat(names(run.alerts(1, 2, 1, query).items().collectList().block(PATIENCE)))
                .hasSize(60)
                .doesNotHaveDuplicates();
        assertThat(lastRequest().query("node_id")).isEqualTo("12");
        assertThat(lastRequest().query("offset")).isEqualTo("50");
        assertThat(run.logs(1, 2, 1, ALL).items().count().block(PATIENCE)).isEqualTo(60);
    }

    @Test
    void returnsFrameworksAndLinksOfRawLogs() {
        long id = started();
        simulator
                .faults()
                .next(json(200, "{\"mitre_attack_results\":[{\"id\":\"T1\"}],\"unified_kill_chain_results\":[]}"));
        simulator.faults().next(json(200, "{\"raw_log_file_links\":[\"https://logs.example/1\"]}"));

        NumberedRun run = picus.run(id, 1);
        var frameworks = run.frameworks().block(PATIENCE);
        List<JsonNode> links = run.rawLogs(1, 2, 3, 4L).items().collectList().block(PATIENCE);

        assertThat(frameworks.mitreAttackResults()).hasSize(1);
        assertThat(frameworks.unifiedKillChainResults()).isEmpty();
        assertThat(links).extracting(JsonNode::asString).containsExactly("https://logs.example/1");
        assertThat(lastRequest().uri()).endsWith("/run/1/threats/1/peers/2/integrations/3/raw-logs?actionId=4");
    }

    @Test
    void createsReadsChangesAndDeletesCustomContent() {
        PicusDetectionContent content = picus.detectionContent();

        long id = content.createCustom(List.of(Map.of("content_name", "mine")))
                .block(PATIENCE)
                .get(0)
                .asLong();
        content.updateCustom(id, Map.of("content_name", "renamed")).block(PATIENCE);
        CustomContent read = content.custom(id).block(PATIENCE);

        assertThat(read.name()).isEqualTo("renamed");
        assertThat(read.contentId()).isEqualTo(id);
        assertThat(read.author()).isEqualTo("Picus");
        assertThat(read.severity()).isEqualTo("high");
        assertThat(read.tactics()).isEmpty();
        assertThat(read.more()).isEmpty();
        content.deleteCustom(id).block(PATIENCE);
        assertThatObject(failureOf(content.custom(id)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void readsRulesOfSourceToTheirEnd() {
        PicusDetectionContent content = picus.detectionContent();

        assertThat(names(content.rules("sigma", ListQuery.of(25, 0).where("ruleSeverity", "high"))
                        .items()
                        .collectList()
                        .block(PATIENCE)))
                .hasSize(60)
                .doesNotHaveDuplicates();
        assertThat(lastRequest().uri()).endsWith("/sigma/rules?limit=25&offset=50&ruleSeverity=high");
        DetectionRule rule = content.rule("sigma", 3).block(PATIENCE);
        assertThat(rule.overview().get("name").asString()).isEqualTo("Rule-3");
        assertThat(rule.actions()).isEmpty();
        assertThat(content.sources()
                        .items()
                        .map(JsonNode::asString)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("sigma", "splunk", "qradar");
    }

    @Test
    void returnsScoreAndSignaturesOfDevice() {
        DeviceScore score = picus.mitigation().device(2).block(PATIENCE);
        assertThat(score.deviceId()).isEqualTo(2L);
        assertThat(score.blockedCount()).isEqualTo(1L);
        assertThat(score.totalCount()).isEqualTo(2L);
        assertThat(score.score()).isEqualByComparingTo("50");

        assertThat(picus.mitigation()
                        .signatures(2, List.of(5L, 6L))
                        .items()
                        .count()
                        .block(PATIENCE))
                .isEqualTo(3);
        assertThat(lastRequest().query("action_ids")).isEqualTo("5,6");
    }

    @Test
    void readsActionsThatWereNotBlockedToTheirEnd() {
        assertThat(picus.mitigation()
                        .notBlockedActions(ListQuery.of(25, 0).where("attack_modules", "email"))
                        .items()
                        .count()
                        .block(PATIENCE))
                .isEqualTo(60);
        assertThat(lastRequest().query("offset")).isEqualTo("50");
    }

    @Test
    @SuppressWarnings("deprecation")
    void reportsRetiredDevices() {
        assertThatObject(failureOf(picus.mitigation().devices(List.of(1L, 2L))).kind())
                .isEqualTo(ErrorKind.GONE);
        assertThat(lastRequest().query("simulation_ids")).isEqualTo("1,2");
    }

    @Test
    void returnsActionsByIdsAndByTime() {
        PicusThreatLibrary library = picus.threatLibrary();

        assertThat(names(library.actions(List.of(2L, 3L), List.of())
                        .items()
                        .collectList()
                        .block(PATIENCE)))
                .containsExactly("Action-2", "Action-3");
        assertThat(lastRequest().uri()).endsWith("/v1/threat-library/actions?action_ids=2%2C3");
        assertThat(library.actions(ListQuery.of(40, 0).where("updated_at_gte", 0))
                        .items()
                        .count()
                        .block(PATIENCE))
                .isEqualTo(60);
        assertThat(library.action(2).block(PATIENCE).get("name").asString()).isEqualTo("Action-2");
    }

    @Test
    void createsActionsAndProcesses() {
        PicusThreatLibrary library = picus.threatLibrary();

        JsonNode action =
                library.createAction(Map.of("name", "own", "title", "t")).block(PATIENCE);
        JsonNode process = library.createProcess(Map.of("process_type", "play", "code", "id"))
                .block(PATIENCE);

        assertThat(library.action(action.get("id").asLong()).block(PATIENCE)).isEqualTo(action);
        assertThat(process.get("code").asString()).isEqualTo("id");
        assertThat(library.createKeyword(Map.of("action_id", 1)).block(PATIENCE).asString())
                .isEqualTo("keyword");
        assertThat(library.processes(ListQuery.of(100, 0)).items().count().block(PATIENCE))
                .isEqualTo(61);
    }

    @Test
    void replacesThreat() {
        var changed = picus.threatLibrary()
                .updateThreat(3, Map.of("name", "renamed", "severity", "low"))
                .block(PATIENCE);

        assertThat(changed.id()).isEqualTo(3L);
        assertThat(picus.threatLibrary().threat(3).block(PATIENCE)).isEqualTo(changed);
        assertThat(changed.name()).isEqualTo("renamed");
    }

    @Test
    void returnsListsWithoutPaging() {
        assertThat(names(picus.threatLibrary().tags().items().collectList().block(PATIENCE)))
                .hasSize(3);
        assertThat(picus.threatLibrary()
                        .actionParameters("windows")
                        .block(PATIENCE)
                        .platforms())
                .isEmpty();
        assertThat(lastRequest().query("module_name")).isEqualTo("windows");
        assertThat(picus.agents().integrationAgents().items().count().block(PATIENCE))
                .isEqualTo(1);
    }
}
