package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.invicti.model.ApiTarget;
import io.penstock.invicti.model.Application;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.Importer;
import io.penstock.invicti.model.ImporterStatus;
import io.penstock.invicti.model.ImporterType;
import io.penstock.invicti.model.IntegrationInstance;
import io.penstock.invicti.model.NewApplication;
import io.penstock.invicti.model.NewImporter;
import io.penstock.invicti.model.NewMendConnection;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.invicti.model.ScanMessage;
import io.penstock.invicti.model.SyncStatus;
import io.penstock.invicti.model.Target;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendors;
import io.penstock.test.simulator.invicti.InvictiRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every typed operation of Invicti against the simulator. */
class InvictiOperationsTest extends InvictiTest {

    private static final String PROFILE = "11111111-1111-1111-1111-111111111112";

    static final NewImporter IMPORTER = new NewImporter(
            "Gateway",
            ImporterType.AWS_API_GATEWAY,
            ImporterStatus.ACTIVE,
            new NewImporter.UpdateFrequency("daily", 1),
            new NewImporter.Parameters("client", Secret.of("importer-secret"), "org"),
            true);
    static final NewMendConnection MEND = NewMendConnection.of(
            "Mend",
            "active",
            "https://mend.example.com",
            "user@example.com",
            Secret.of("mend-user-key"),
            "org",
            List.of("SAST", "SCA"));

    @Test
    void isFoundByServiceLoader() {
        assertThat(Vendors.byId("invicti").baseUri()).isEqualTo(URI.create("https://platform.invicti.com"));
    }

    @Test
    void usesDocumentedDefaults() {
        String explained = Invicti.configure()
                .secret(Secret.of("a1b2c3d4-e5f6-7890"))
                .build()
                .inspect()
                .explain(ApiRequest.get("api/identity/v1/me"));

        assertThat(explained)
                .contains("https://platform.invicti.com/api/identity/v1/me")
                .contains("x-auth: ****")
                .contains("x-ratelimit-limit")
                .contains("declared: nothing")
                .doesNotContain("a1b2");
    }

    @Test
    void sendsKeyInOwnHeaderWithoutSchemeAndNotInAuthorization() {
        JsonNode me = invicti.me().block(PATIENCE);

        assertThat(me.path("id").isString()).isTrue();
        assertThat(lastRequest().path()).isEqualTo("/api/identity/v1/me");
        assertThat(lastRequest().headers().get("x-auth")).containsExactly(simulator.secret());
        assertThat(lastRequest().headers()).doesNotContainKey("authorization");
    }

    @Test
    void remembersQuotaOfServer() {
        restart(InvictiRules.documented().withRequestsPerWindow(100).withRateWindow(Duration.ofSeconds(40)));

        invicti.me().block(PATIENCE);

        Quota quota = invicti.client().inspect().quotas().get(0);
        assertThat(quota.limit()).isEqualTo(100);
        assertThat(quota.remaining()).isEqualTo(99);
        assertThat(quota.resetsAt())
                .isBetween(Instant.now().plusSeconds(20), Instant.now().plusSeconds(60));
    }

    @Test
    void startsScanAndReadsItsStatistics() {
        Created<Scan> created =
                invicti.startScan(NewScan.authorized("target-7", PROFILE)).block(PATIENCE);

        assertThat(created.id()).isEqualTo(created.body().scanId()).isNotBlank();
        assertThat(created.location()).endsWith("/api/v1/scans/" + created.id());
        assertThat(created.body().targetId()).isEqualTo("target-7");
        assertThat(created.body().profileId()).isEqualTo(PROFILE);
        assertThat(created.body().continuous()).isFalse();
        assertThat(created.body().maxScanTime()).isZero();
        assertThat(created.body().more().get("schedule").get("triggerable").asBoolean())
                .isFalse();
        assertThat(lastRequest().body())
                .contains("\"schedule\":{\"disable\":false,\"time_sensitive\":false}")
                .contains("\"profile_id\":\"" + PROFILE + "\"");

        JsonNode results = invicti.client()
                .value(ApiRequest.get("api/v1/scans/{id}/results").path("id", created.id()))
                .block(PATIENCE);
        ScanMessage message = invicti.scanStatistics(
                        created.id(), results.at("/results/0/result_id").asString())
                .block(PATIENCE)
                .messages()
                .get(0);
        assertThat(message.id()).isEqualTo("1");
        assertThat(message.level()).isEqualTo(-1);
        assertThat(message.message()).isEmpty();
        assertThat(message.targetId()).isEqualTo("target-7");
        assertThat(message.messageKind()).isEqualTo("scanning");
    }

    @Test
    void schedulesScanWithUndocumentedMembers() {
        invicti.startScan(NewScan.authorized("target-7", PROFILE)
                        .withSchedule(new NewScan.Schedule(true, true))
                        .with("ui_session_id", "s"))
                .block(PATIENCE);

        assertThat(lastRequest().body())
                .contains("\"schedule\":{\"disable\":true,\"time_sensitive\":true}")
                .contains("\"ui_session_id\":\"s\"");
    }

    @Test
    void returnsSingleTargetOfDocumentedSample() {
        simulator
                .faults()
                .on(
                        "GET",
                        "/api/1.0/targets/12345678-1234-1234-1234-123456789abc",
                        json(
                                200,
                                "{\"id\":\"12345678-1234-1234-1234-123456789abc\",\"name\":\"Production Website\","
                                        + "\"url\":\"https://example.com\",\"status\":\"Active\","
                                        + "\"createdAt\":\"2024-03-01T10:00:00Z\",\"lastScanAt\":\"2024-03-23T14:30:00Z\"}"));

        Target target = invicti.target("12345678-1234-1234-1234-123456789abc").block(PATIENCE);

        assertThat(target)
                .isEqualTo(new Target(
                        "12345678-1234-1234-1234-123456789abc",
                        "Production Website",
                        "https://example.com",
                        "Active",
                        OffsetDateTime.parse("2024-03-01T10:00:00Z"),
                        OffsetDateTime.parse("2024-03-23T14:30:00Z"),
                        Map.of()));
    }

    @Test
    void returnsTargetWithStateAndScanWithSession() {
        String id = simulator.addTarget("Production Website", "https://example.com");

        Target before = invicti.target(id).block(PATIENCE);
        String scanId = invicti.startScan(NewScan.authorized(id, "11111111-1111-1111-1111-111111111112"))
                .block(PATIENCE)
                .id();
        Scan scan = invicti.scan(scanId).block(PATIENCE);

        assertThat(before.id()).isEqualTo(id);
        assertThat(before.status()).isEqualTo("Active");
        assertThat(before.createdAt()).isNotNull();
        assertThat(before.lastScanAt()).isNull();
        assertThat(invicti.target(id).block(PATIENCE).lastScanAt()).isNotNull();
        assertThat(scan.scanId()).isEqualTo(scanId);
        assertThat(scan.targetId()).isEqualTo(id);
        assertThat(scan.more().get("current_session").path("status").asString()).isEqualTo("queued");
    }

    @Test
    void listsTargetsUnderPrefixOfTheirPage() {
        String id = simulator.addTarget("Target A", "https://target-a.com");

        List<Target> targets =
                invicti.targets(ListQuery.all()).items().collectList().block(PATIENCE);

        assertThat(lastRequest().path()).isEqualTo("/api/1.0/targets");
        assertThat(targets).singleElement().satisfies(target -> {
            assertThat(target.id()).isEqualTo(id);
            assertThat(target.name()).isEqualTo("Target A");
            assertThat(target.url()).isEqualTo("https://target-a.com");
            assertThat(target.lastScanAt()).isNull();
        });
    }

    @Test
    void createsFindsSortsAndCountsApplications() {
        Created<Application> created = invicti.createApplication(
                        new NewApplication("Shop", "sells things", List.of("a", "b")))
                .block(PATIENCE);
        invicti.createApplication(NewApplication.named("Bank")).block(PATIENCE);
        assertThat(lastRequest().body()).isEqualTo("{\"name\":\"Bank\",\"tags\":[]}");

        Application shop = invicti.applications(ListQuery.all().withSearch("sho"))
                .items()
                .single()
                .block(PATIENCE);
        assertThat(shop.id()).isEqualTo(created.id());
        assertThat(shop.organizationId()).isNotBlank();
        assertThat(shop.description()).isEqualTo("sells things");
        assertThat(shop.tags()).extracting(JsonNode::asString).containsExactly("a", "b");
        assertThat(shop.collectionIds()).isEmpty();
        assertThat(shop.assetCounts()).isNull();

        assertThat(invicti.applications(ListQuery.all().withSortBy("name"))
                        .items()
                        .map(Application::name)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("Bank", "Shop");
        assertThat(invicti.applicationsWithAssetCounts(ListQuery.all())
                        .items()
                        .map(application -> application.assetCounts().targets())
                        .collectList()
                        .block(PATIENCE))
                .containsExactly(0L, 0L);
        assertThat(lastRequest().query("includeAssetCounts")).isEqualTo("true");
    }

    @Test
    void readsApiTargetsWithNullsAndFindsAndSortsThem() {
        simulator.addApiTarget("petstore");
        String id = simulator.addApiTarget("bank");

        List<ApiTarget> found = invicti.apiTargets(
                        ListQuery.all().withSearch("bank").withSortBy("name").withPageSize(5))
                .items()
                .collectList()
                .block(PATIENCE);

        assertThat(lastRequest().query("search")).isEqualTo("bank");
        assertThat(lastRequest().query("sort")).isEqualTo("name");
        assertThat(lastRequest().query("limit")).isEqualTo("5");
        assertThat(found).singleElement().satisfies(api -> {
            assertThat(api.id()).isEqualTo(id);
            assertThat(api.description()).isNull();
            assertThat(api.definitions())
                    .singleElement()
                    .satisfies(
                            definition -> assertThat(definition.source().mode()).isEmpty());
            assertThat(api.createdAt()).isNotNull();
            assertThat(api.lastScanned()).isNull();
            assertThat(api.lastScanStatus()).isNull();
            assertThat(api.operationsCount()).isZero();
            assertThat(api.hidden()).isFalse();
            assertThat(api.vulnerabilityCounts()).isNull();
            assertThat(api.more()).containsKey("alternativeUrls");
        });
    }

    @Test
    void createsAndListsImporters() {
        Created<Importer> created = invicti.createImporter(IMPORTER).block(PATIENCE);
        assertThat(lastRequest().body())
                .contains("\"type\":\"aws_api_gateway\"")
                .contains("\"status\":\"active\"")
                .contains("\"updateFrequency\":{\"unit\":\"daily\",\"value\":1}")
                .contains("\"clientSecret\":\"importer-secret\"")
                .contains("\"excludeEmptySpecs\":true");

        simulator.syncImporter(created.id(), "Completed");
        assertThat(invicti.importers().items().collectList().block(PATIENCE))
                .singleElement()
                .satisfies(importer -> {
                    assertThat(importer.importerId()).isEqualTo(created.id());
                    assertThat(importer.syncStatus()).isEqualTo(SyncStatus.COMPLETED);
                    assertThat(importer.lastRunDate()).isNotNull();
                    assertThat(importer.lastRunFailReason()).isNull();
                    assertThat(importer.more()
                                    .get("parameters")
                                    .path("clientId")
                                    .asString())
                            .isEqualTo("client");
                });
    }

    @Test
    void createsAndListsMendConnection() {
        Created<JsonNode> created = invicti.createMendConnection(MEND).block(PATIENCE);
        assertThat(lastRequest().path()).isEqualTo("/api/external-scan/v1/mend/connections");
        assertThat(lastRequest().body())
                .contains("\"integrationType\":\"MEND\"")
                .contains("\"category\":\"ast_connections\"")
                .contains("\"userKey\":\"mend-user-key\"")
                .contains("\"vulnerabilitySource\":[\"SAST\",\"SCA\"]");

        assertThat(invicti.connections()
                        .items()
                        .single()
                        .block(PATIENCE)
                        .path("id")
                        .asString())
                .isEqualTo(created.id());
    }

    @Test
    void importsFindings() {
        JsonNode answer =
                invicti.importSarif(Map.of("sarif", Map.of("version", "2.1.0"))).block(PATIENCE);

        assertThat(answer.path("success").asBoolean()).isTrue();
        assertThat(lastRequest().path()).isEqualTo("/api/external-scan/v1/import/sarif-imports");
        assertThat(lastRequest().body()).isEqualTo("{\"sarif\":{\"version\":\"2.1.0\"}}");
    }

    @Test
    void createsIntegrationsAndListsThemByPluginAndReadiness() {
        Created<IntegrationInstance> jira = invicti.createIntegrationInstance(
                        Map.of("pluginId", "jira-plugin", "url", "https://jira.example.com"))
                .block(PATIENCE);
        invicti.createIntegrationInstance(Map.of("pluginId", "slack-plugin")).block(PATIENCE);

        assertThat(jira.id()).isEqualTo(jira.body().instanceId());
        assertThat(jira.location()).isNull();
        assertThat(jira.body().configured()).isTrue();
        assertThat(jira.body().createdOn()).isNotNull();
        assertThat(invicti.integrationInstances(null, null).items().count().block(PATIENCE))
                .isEqualTo(2);
        assertThat(invicti.integrationInstances(null, true)
                        .items()
                        .map(IntegrationInstance::instanceId)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly(jira.id());
        assertThat(invicti.integrationInstances("slack-plugin", false)
                        .items()
                        .map(IntegrationInstance::pluginId)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("slack-plugin");
    }

    @Test
    void listsAndDownloadsAuditLog() {
        invicti.createApplication(NewApplication.named("Shop")).block(PATIENCE);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);

        assertThat(invicti.auditEntries(ListQuery.all())
                        .items()
                        .map(entry -> entry.path("operation").asString())
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("POST /api/inventory/v1/applications");
        byte[] csv = invicti.auditLog("csv", today.minusDays(1), today.plusDays(1), 10)
                .block(PATIENCE);
        assertThat(new String(csv, StandardCharsets.UTF_8)).contains("POST /api/inventory/v1/applications");
        byte[] json = invicti.auditLog("json", null, today.minusDays(2), null).block(PATIENCE);
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("[]");
        assertThat(lastRequest().query("toDate")).isEqualTo(today.minusDays(2).toString());
    }

    @Test
    void returnsUndocumentedAnswersAsTrees() {
        assertThat(invicti.samlSettings().block(PATIENCE).isObject()).isTrue();
        assertThat(lastRequest().path()).isEqualTo("/api/identity/v1/saml/settings");
        assertThat(invicti.automations().block(PATIENCE).has("automations")).isTrue();
    }

    @Test
    void walksAnyListByItsShape() {
        for (int i = 0; i < 5; i++) {
            invicti.startScan(NewScan.authorized("target-" + i, PROFILE)).block(PATIENCE);
        }
        simulator.requests().clear();

        assertThat(invicti.list(
                                ListShape.CURSOR_LIST,
                                "api/v1/scans",
                                "scans",
                                Scan.class,
                                ListQuery.all().withPageSize(2))
                        .items()
                        .map(Scan::targetId)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("target-0", "target-1", "target-2", "target-3", "target-4");
        assertThat(simulator.requests().count()).isEqualTo(3);
    }

    @Test
    void fetchesNoPageAheadOfDemand() {
        for (int i = 0; i < 9; i++) {
            simulator.addApiTarget("api-" + i);
        }

        assertThat(invicti.apiTargets(ListQuery.all().withPageSize(3))
                        .items()
                        .map(ApiTarget::name)
                        .take(2)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("api-0", "api-1");
        assertThat(simulator.requests().count()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "sortBy"})
    void rejectsUnsupportedQueryBeforeSending(String what) {
        ListQuery query = what.equals("search")
                ? ListQuery.all().withSearch("x")
                : ListQuery.all().withSortBy("x");

        assertThatThrownBy(() -> invicti.targets(query).items())
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining(what + ": x");
        assertThat(simulator.requests().count()).isZero();
    }

    @Test
    void advisesOnReadOnlyKey() {
        try (Invicti reader = Invicti.connect(simulator.baseUri(), Secret.of(simulator.issueReadOnlyKey()))) {
            reader.me().block(PATIENCE);
            ApiException failure = catchThrowableOfType(
                    ApiException.class,
                    () -> reader.createApplication(NewApplication.named("Shop")).block(PATIENCE));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.PERMISSION);
            assertThat(failure.remedy()).contains("role").contains("IP allow-list");
            assertThat(simulator.effects().count()).isZero();
        }
    }

    @Test
    void printsNoSecretOfRequest() {
        assertThat(IMPORTER.toString() + MEND).doesNotContain("importer-secret", "mend-user-key");
    }
}
