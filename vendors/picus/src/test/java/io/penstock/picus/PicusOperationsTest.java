package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.body.Page;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.picus.model.Agent;
import io.penstock.picus.model.AgentStatus;
import io.penstock.picus.model.ExposureScore;
import io.penstock.picus.model.HostExposure;
import io.penstock.picus.model.Integration;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.Report;
import io.penstock.picus.model.ReportOrder;
import io.penstock.picus.model.ReportStatus;
import io.penstock.picus.model.RunResult;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.SimulationStatus;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.picus.model.StatusDetails;
import io.penstock.picus.model.Template;
import io.penstock.picus.model.User;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendors;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every typed operation of Picus against the simulator. */
class PicusOperationsTest extends PicusTest {

    private StartedSimulation started(String name) {
        return picus.simulations()
                .create(NewSimulation.of(name, 1, 5L).startedNow())
                .block(PATIENCE);
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(Vendors.byId("picus").baseUri()).isEqualTo(URI.create("https://api.picussecurity.com/"));
    }

    @Test
    void usesDocumentedDefaults() {
        try (Picus connected = Picus.connect(Secret.of("refresh-token-of-a-test"))) {
            assertThat(connected.client().inspect().explain(ApiRequest.get("v1/agents")))
                    .contains("https://api.picussecurity.com/v1/agents")
                    .contains("4 attempts, 1 s ×2 ±25 %, at most 30 s; hints up to 60 s")
                    .contains("authorization: Bearer <token by POST v1/auth/token>")
                    .contains("x-ratelimit-limit");
        }
    }

    @Test
    void listsAndReadsAgents() {
        List<Agent> agents = picus.agents().list().items().collectList().block(PATIENCE);

        assertThat(agents).extracting(Agent::id).containsExactly(1L, 2L, 3L);
        assertThat(picus.agents().get(2).block(PATIENCE))
                .isEqualTo(agents.get(1))
                .satisfies(agent -> {
                    assertThat(agent.name()).isEqualTo("Agent-2");
                    assertThat(agent.type()).isEqualTo("Windows");
                    assertThat(agent.status()).isEqualTo(AgentStatus.ALIVE);
                    assertThat(agent.version()).isEqualTo("3.4.0.0");
                    assertThat(agent.platformName()).isEqualTo("Windows 10");
                    assertThat(agent.platformArchitecture()).isEqualTo("64-bit");
                    assertThat(agent.createdAt()).isEqualTo(Instant.ofEpochMilli(1650284604358L));
                    assertThat(agent.more()).isEmpty();
                });
    }

    @Test
    void requestsInstallTokenByTypeAndVariant() {
        assertThat(picus.agents()
                        .installToken("Linux", "deb")
                        .block(PATIENCE)
                        .get("token")
                        .asString())
                .isEqualTo("install-1");
        assertThat(lastRequest().uri()).endsWith("?agent_type=Linux&variant=deb");
    }

    @Test
    void listsIntegrationsWithHealth() {
        List<Integration> integrations =
                picus.agents().integrations().items().collectList().block(PATIENCE);

        assertThat(integrations).singleElement().satisfies(integration -> {
            assertThat(integration.integrationId()).isEqualTo(1L);
            assertThat(integration.displayName()).isEqualTo("Crowdstrike");
            assertThat(integration.healthStatus())
                    .isEqualTo(new Integration.Health(false, new Integration.HealthError("Connection", "…", "…")));
            assertThat(integration.updatedAt()).isEqualTo(Instant.ofEpochMilli(1645625919624L));
            assertThat(integration.more()).isEmpty();
        });
    }

    @Test
    void createsStartsPollsAndDeletesSimulation() {
        NewSimulation order =
                NewSimulation.of("nightly", 7, 5L).with("auto_resume", true).with("integrations", List.of(1, 2));

        StartedSimulation created = picus.simulations().create(order).block(PATIENCE);
        assertThat(lastRequest().body())
                .contains("\"name\":\"nightly\"")
                .contains("\"template_id\":7")
                .contains("\"agent_id\":5")
                .contains("\"schedule_now\":false")
                .contains("\"auto_resume\":true")
                .contains("\"integrations\":[1,2]");
        assertThat(created.runImmediately()).isFalse();
        assertThat(created.simulationAlreadyExist()).isFalse();
        long id = created.simulation().id();
        assertThat(picus.simulations().get(id).block(PATIENCE).status())
                .isEqualTo(SimulationStatus.WAITING_FOR_THE_FIRST_RUN);

        StartedSimulation run = picus.simulations().start(id).block(PATIENCE);
        assertThat(run.runImmediately()).isTrue();
        assertThat(run.runInfo().status()).isEqualTo(SimulationStatus.SCHEDULED);
        long runId = run.runInfo().id();
        assertThat(picus.run(id, runId).result().block(PATIENCE).completedAt()).isNull();

        simulator.advanceSimulation(id, "COMPLETED");
        RunResult result = picus.latestRun(id).result().block(PATIENCE);
        assertThat(result).isEqualTo(picus.run(id, runId).result().block(PATIENCE));
        assertThat(result.simulationRunId()).isEqualTo(runId);
        assertThat(result.completedAt()).isNotNull();
        assertThat(result.completionRatio()).isEqualByComparingTo("100");
        assertThat(result.failReasonMessage()).isEmpty();
        assertThat(result.statusDetails().detection()).isEqualTo(new StatusDetails.Progress(1L, 1L));
        assertThat(result.results().prevention().securityScore()).isEqualByComparingTo("50");
        assertThat(result.results().prevention().threat()).isEqualTo(new RunResult.Threats(1L, 1L, 0L, 2L));
        assertThat(result.results().hasDetectionAnalysis()).isTrue();
        assertThat(result.results()
                        .detectionAnalysis()
                        .at("/integrations/0/product_name")
                        .asString())
                .isEqualTo("Crowdstrike");

        Simulation done = picus.simulations().get(id).block(PATIENCE);
        assertThat(done.agent().name()).isEqualTo("Agent-5");
        assertThat(done.lastPreventionSecurityScore()).isEqualByComparingTo("50");
        assertThat(done.runs()).extracting(r -> r.id()).containsExactly(runId);
        assertThat(done.more()).containsOnlyKeys("detection_analysis", "has_last_run_detection_analysis");

        picus.simulations().delete(id).block(PATIENCE);
        assertThat(failureOf(picus.simulations().get(id)).status()).isEqualTo(404);
    }

    @Test
    void reportsExistingSimulation() {
        started("nightly");

        StartedSimulation again = started("nightly");

        assertThat(again.simulationAlreadyExist()).isTrue();
        assertThat(again.simulation().id()).isEqualTo(1L);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    @Test
    void omitsAbsentAgent() {
        picus.simulations().create(NewSimulation.of("s", 1, null)).block(PATIENCE);

        assertThat(lastRequest().body()).doesNotContain("agent_id");
    }

    @Test
    void cancelsRunningSimulationAndReadsReasonOfFailedOne() {
        started("a");
        picus.simulations().cancel(1).block(PATIENCE);
        assertThat(picus.latestRun(1).result().block(PATIENCE).status()).isEqualTo(SimulationStatus.STOPPED);

        started("b");
        simulator.failSimulation(2, "agent is dead");
        assertThat(picus.latestRun(2).result().block(PATIENCE).failReasonMessage())
                .isEqualTo("agent is dead");
    }

    @Test
    void filtersSimulationsByStatusesAndRanges() {
        started("a");
        started("b");
        started("c");
        simulator.advanceSimulation(1, "COMPLETED");
        simulator.advanceSimulation(2, "RUNNING");

        Page<Simulation> page = picus.simulations()
                .list(ListQuery.of(50, 0)
                        .where("status", SimulationStatus.COMPLETED, SimulationStatus.RUNNING)
                        .where("prevention_result_gte", -1))
                .next()
                .block(PATIENCE);

        assertThat(page.items()).extracting(Simulation::simulationName).containsExactly("a", "b");
        assertThat(page.more().get("pages").get("total_count").intValue()).isEqualTo(2);
        assertThat(lastRequest().query("status")).isEqualTo("COMPLETED,RUNNING");
    }

    @Test
    void rejectsFilterWithoutValueAndNegativeOffset() {
        assertThat(catchThrowableOfType(
                        ApiException.class, () -> ListQuery.first().where("status")))
                .hasMessageContaining("filter status: no value");
        assertThat(catchThrowableOfType(ApiException.class, () -> ListQuery.of(2, -1)))
                .hasMessageContaining("offset: -1");
    }

    @Test
    void returnsThreatsOfLatestRunAsTrees() {
        started("s");

        Page<JsonNode> threats =
                picus.latestRun(1).threats(ListQuery.of(2, 4)).next().block(PATIENCE);

        assertThat(threats.items()).extracting(t -> t.get("id").intValue()).containsExactly(5, 6);
        assertThat(threats.items()
                        .get(0)
                        .at("/objectives/0/actions/0/true_items/0/node_id")
                        .intValue())
                .isEqualTo(12);
    }

    @Test
    void createsPollsAndDownloadsReport() {
        started("s");

        List<Report> ordered = picus.reports()
                .create(
                        1,
                        ReportOrder.ofLatestRun("PDF", "CSV")
                                .withSensitiveData()
                                .preventionOnly())
                .block(PATIENCE);
        assertThat(lastRequest().uri()).endsWith("/reports?type=run&runId=latest");
        assertThat(lastRequest().body())
                .contains("\"format\":[\"PDF\",\"CSV\"]")
                .contains("\"includesSensitiveData\":true")
                .contains("\"onlyPrevention\":true");
        assertThat(ordered).extracting(Report::format).containsExactly("PDF", "CSV");
        long id = ordered.get(0).id();
        assertThat(picus.reports().get(1, id).block(PATIENCE).status().isCompleted())
                .isFalse();

        simulator.advanceReport(id, "COMPLETED");
        Report report = picus.reports().get(1, id).block(PATIENCE);
        assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
        assertThat(report.name()).isEqualTo("report-" + id);
        assertThat(report.includesSensitiveData()).isTrue();
        assertThat(report.isPreventionOnly()).isTrue();
        assertThat(report.more()).isEmpty();
        byte[] pdf = picus.reports().download(1, id).block(PATIENCE);
        assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    }

    @Test
    void downloadsReportToFileFromApiOrStoreWithoutToken(@TempDir Path directory) {
        started("s");
        long id = picus.reports()
                .create(1, ReportOrder.overview("PDF"))
                .block(PATIENCE)
                .get(0)
                .id();
        simulator.advanceReport(id, "COMPLETED");

        Download own =
                picus.reports().download(1, id, directory.resolve("own.pdf")).block(PATIENCE);
        Download found = picus.reports()
                .downloadUrl(1, id)
                .flatMap(address -> picus.reports().download(address, directory.resolve("found.pdf")))
                .block(PATIENCE);

        assertThat(own.path()).hasBinaryContent(picus.reports().download(1, id).block(PATIENCE));
        assertThat(found.bytes()).isPositive();
        assertThat(simulator.fileStoreRequests().all())
                .hasSize(1)
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKeys("authorization", "cookie"));
    }

    @Test
    void returnsDownloadAddressWithoutFollowingIt() {
        started("s");
        long id = picus.reports()
                .create(1, ReportOrder.overview("PDF"))
                .block(PATIENCE)
                .get(0)
                .id();
        assertThat(lastRequest().uri()).endsWith("/reports?type=overview");
        simulator.advanceReport(id, "COMPLETED");

        URI address = picus.reports().downloadUrl(1, id).block(PATIENCE);

        assertThat(address.toString()).startsWith(simulator.fileStoreOrigin().toString());
        assertThat(simulator.fileStoreRequests().count()).isZero();
    }

    @Test
    void namesRunOfItsReport() {
        long run = started("s").runInfo().id();

        picus.reports().create(1, ReportOrder.ofRun(run, "PDF")).block(PATIENCE);

        assertThat(lastRequest().uri()).endsWith("/reports?type=run&runId=" + run);
    }

    @Test
    void listsCreatesReadsAndDeletesThreats() {
        assertThat(picus.threatLibrary()
                        .threats(ListQuery.of(3, 1))
                        .next()
                        .block(PATIENCE)
                        .items())
                .extracting(t -> t.name())
                .containsExactly("Threat 2", "Threat 3", "Threat 4");

        var created = picus.threatLibrary()
                .createThreat(Map.of("name", "mine", "severity", "high"))
                .block(PATIENCE);
        assertThat(created.more().get("severity").asString()).isEqualTo("high");
        assertThat(picus.threatLibrary().threat(created.id()).block(PATIENCE)).isEqualTo(created);

        picus.threatLibrary().deleteThreat(created.id()).block(PATIENCE);
        assertThat(failureOf(picus.threatLibrary().threat(created.id())).status())
                .isEqualTo(404);
    }

    @Test
    void listsReadsAndCreatesTemplates() {
        Page<Template> page = picus.templates()
                .list(ListQuery.of(2, 0).where("category_name", "main"))
                .next()
                .block(PATIENCE);
        assertThat(page.items()).extracting(Template::id).containsExactly(1L, 2L);
        assertThat(page.items().get(0).threats()).isNull();

        Template template = picus.templates().get(1).block(PATIENCE);
        assertThat(template.name()).isEqualTo("Template #1");
        assertThat(template.contentType()).isEqualTo("Static");
        assertThat(template.subcategoryName()).isEqualTo("sub");
        assertThat(template.createdAt()).isEqualTo(Instant.ofEpochMilli(1654781780578L));
        assertThat(template.contentUpdatedAt()).isEqualTo(template.createdAt());
        assertThat(template.more()).containsOnlyKeys("rules");

        assertThat(picus.templates()
                        .create(Map.of("name", "mine"))
                        .block(PATIENCE)
                        .name())
                .isEqualTo("mine");
    }

    @Test
    void invitesListsAssignsAndDeletesUsers() {
        Long id = picus.users().invite("new@def.com", "sso", 4568).block(PATIENCE);
        picus.users().assignRole(id, 4567).block(PATIENCE);

        Page<User> admins = picus.users()
                .list(ListQuery.first().where("role", "admin"))
                .next()
                .block(PATIENCE);
        assertThat(admins.items()).extracting(User::email).containsExactly("abc@def.com", "new@def.com");
        assertThat(admins.items().get(0)).satisfies(user -> {
            assertThat(user.userId()).isEqualTo(1234L);
            assertThat(user.roleId()).isEqualTo(4567L);
            assertThat(user.loginType()).isEqualTo("sso");
            assertThat(user.lastLoginTime()).isEqualTo(Instant.ofEpochSecond(1743141698));
        });
        assertThat(admins.items().get(1).lastLoginTime()).isNull();

        picus.users().delete(id).block(PATIENCE);
        assertThat(failureOf(picus.users().delete(id)).status()).isEqualTo(404);
    }

    @Test
    void pagesActivityLog() {
        var page = picus.users().activityLogs(ListQuery.of(5, 10)).next().block(PATIENCE);

        assertThat(page.items()).hasSize(5).first().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("IntegrationAgentDown");
            assertThat(entry.eventType()).isEqualTo("Agent");
            assertThat(entry.eventTime()).isEqualTo(Instant.ofEpochSecond(1743141708));
            assertThat(entry.eventActivity().isObject()).isTrue();
            assertThat(entry.ip()).isEqualTo("123.123.123.123");
        });
    }

    @Test
    void requestsScoresByHostAndExposure() {
        List<ExposureScore> scores = picus.exposureScores(List.of(new HostExposure("CVE-2022-21903", "asset-001")))
                .items()
                .collectList()
                .block(PATIENCE);

        assertThat(lastRequest().body())
                .isEqualTo("{\"filters\":{\"host_exposure_pairs\":"
                        + "[{\"exposure_id\":\"CVE-2022-21903\",\"hostname\":\"asset-001\"}]}}");
        assertThat(scores).singleElement().satisfies(score -> {
            assertThat(score.assetId()).isEqualTo("asset-001");
            assertThat(score.cveId()).isEqualTo("CVE-2022-21903");
            assertThat(score.assetCriticality()).isEqualTo(new BigDecimal("3.9"));
            assertThat(score.contextualCvss()).isEqualTo(new BigDecimal("7.6"));
            assertThat(score.exploitability()).isEqualTo(new BigDecimal("71"));
            assertThat(score.picusExposureScore()).isEqualTo(new BigDecimal("7.2"));
        });
    }

    @Test
    void returnsUndocumentedAnswersAsTrees() {
        assertThat(picus.simulations()
                        .summary(Map.of("periodType", "weekly"))
                        .block(PATIENCE)
                        .has("summary"))
                .isTrue();
        assertThat(picus.detectionContent()
                        .custom(ListQuery.first().where("Search", "Rule-7"))
                        .next()
                        .block(PATIENCE)
                        .items())
                .singleElement()
                .satisfies(rule -> assertThat(rule.get("name").asString()).isEqualTo("Rule-7"));
        assertThat(picus.client()
                        .value(ApiRequest.get("v1/threat-library/tags"))
                        .block(PATIENCE)
                        .get("tags")
                        .isArray())
                .isTrue();
    }

    @Test
    void skipsUserWhenEarlierOneIsDeletedWhilePaging() {
        Pages<User> pages = picus.users().list(ListQuery.of(3, 0));
        Page<User> first = pages.blockFirst(PATIENCE);
        List<Long> next = pages.skip(1).blockFirst(PATIENCE).items().stream()
                .map(User::userId)
                .toList();

        picus.users().delete(first.items().get(0).userId()).block(PATIENCE);

        assertThat(pages.resumeFrom(first.resumeToken()).blockFirst(PATIENCE).items())
                .as("offsets count what is there: the first of them is left out")
                .extracting(User::userId)
                .startsWith(next.get(1), next.get(2))
                .doesNotContain(next.get(0));
    }
}
