package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InvictiResourcesTest {

    private static final String MEND =
            "{\"name\":\"Mend\",\"integrationType\":\"MEND\",\"category\":\"ast_connections\",\"status\":\"active\","
                    + "\"url\":\"https://mend.example.com\",\"email\":\"a@b.c\",\"userKey\":\"k\","
                    + "\"organizationId\":\"o\",\"vulnerabilitySource\":[\"SAST\",\"SCA\",\"CONTAINER\"]}";

    private final SteppedClock clock = SteppedClock.at("2024-03-01T10:00:00.250Z");

    @AutoClose
    private final InvictiSimulator invicti =
            InvictiSimulator.start(InvictiRules.documented().withClock(clock));

    private final Caller caller = new Caller(invicti);

    @Test
    void returnsTargetAsInSampleWithLastScan() throws Exception {
        String id = invicti.addTarget("Production Website", "https://example.com");
        String unscanned = "{\"id\":\"" + id + "\",\"name\":\"Production Website\",\"url\":\"https://example.com\","
                + "\"status\":\"Active\",\"createdAt\":\"2024-03-01T10:00:00Z\",\"lastScanAt\":null}";
        assertThat(caller.get(Caller.TARGETS + "/" + id).text()).isEqualTo(unscanned);
        clock.advance(Duration.ofMinutes(5));
        caller.scan(id);
        assertThat(caller.get(Caller.TARGETS + "/" + id).text())
                .isEqualTo(unscanned.replace("null", "\"2024-03-01T10:05:00Z\""));
    }

    @Test
    void configuresAndDeletesCreatedTarget() throws Exception {
        Answer created = caller.post(
                Caller.TARGETS,
                "{\"address\":\"https://example.com\",\"description\":\"Shop\",\"type\":\"default\",\"criticality\":30}");
        assertThat(created.status()).isEqualTo(201);
        String id = created.text("target_id");
        assertThat(created.locatedId()).isEqualTo(id);
        assertThat(created.json().get("criticality").intValue()).isEqualTo(30);
        String path = Caller.TARGETS + "/" + id;
        assertThat(caller.get(path).text("name")).isEqualTo("Shop");
        assertThat(caller.send("PATCH", path + "/configuration", "{}").status()).isEqualTo(204);
        Answer deleted = caller.send("DELETE", path, "");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.text()).isEmpty();
        assertThat(caller.get(path).status()).isEqualTo(404);
        assertThat(caller.send("DELETE", path, "").status()).isEqualTo(404);
        assertThat(invicti.effects().all())
                .extracting(Effect::operation)
                .containsExactly(
                        "POST /api/v1/targets",
                        "PATCH /api/v1/targets/{id}/configuration",
                        "DELETE /api/v1/targets/{id}");
    }

    @Test
    void requiresAddressOfTarget() throws Exception {
        Answer refused = caller.post(Caller.TARGETS, "{}");
        assertThat(refused.json().at("/details/0/message").stringValue()).isEqualTo("Address is required");
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void answersCreatedApplicationWithLocationOnly() throws Exception {
        Answer created = caller.post(Caller.APPLICATIONS, "{\"name\":\"Shop\",\"tags\":[\"a\"]}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text()).isEmpty();
        JsonNode item = caller.get(Caller.APPLICATIONS).json().at("/items/0");
        assertThat(created.header("location"))
                .isEqualTo(invicti.origin() + Caller.APPLICATIONS + "/"
                        + item.get("id").stringValue());
        assertThat(item.propertyNames())
                .containsExactly("id", "organizationId", "collectionIds", "assetIds", "name", "description", "tags");
        assertThat(item.get("description").isNull()).isTrue();
        assertThat(item.get("tags").toString()).isEqualTo("[\"a\"]");
        assertThat(item.get("organizationId").stringValue())
                .isEqualTo(caller.get(Caller.ME).text("organizationId"));
        assertThat(caller.get(Caller.APPLICATIONS + "?includeAssetCounts=true")
                        .json()
                        .at("/items/0/assetCounts")
                        .toString())
                .isEqualTo("{\"targets\":0,\"repositories\":0}");
        assertThat(invicti.effects().count("POST /api/inventory/v1/applications"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"name,255,201", "name,256,400", "description,1023,201", "description,1024,400"})
    void limitsLengthsOfApplication(String field, int length, int status) throws Exception {
        String name = field.equals("name") ? "n".repeat(length) : "n";
        String description = field.equals("description") ? "d".repeat(length) : "d";
        Answer answer =
                caller.post(Caller.APPLICATIONS, "{\"name\":\"" + name + "\",\"description\":\"" + description + "\"}");
        assertThat(answer.status()).isEqualTo(status);
        if (status == 400) {
            JsonNode detail = answer.json().at("/details/0");
            assertThat(detail.get("field").stringValue()).isEqualTo(field);
            assertThat(detail.get("code").stringValue()).isEqualTo("TOO_LONG");
            assertThat(detail.get("maxLength").intValue()).isEqualTo(length - 1);
            assertThat(detail.get("providedLength").intValue()).isEqualTo(length);
        }
    }

    @Test
    void returnsEveryDocumentedMemberOfApiTarget() throws Exception {
        String id = invicti.addApiTarget("Orders");
        JsonNode item = caller.get(Caller.API_TARGETS).json().at("/targets/0");
        assertThat(item.get("id").stringValue()).isEqualTo(id);
        assertThat(item.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "name",
                        "description",
                        "alternativeUrls",
                        "definitions",
                        "definitionFormat",
                        "createdAt",
                        "modifiedAt",
                        "lastScanned",
                        "lastScanStatus",
                        "operationsCount",
                        "isHidden",
                        "vulnerabilityCounts",
                        "links",
                        "annotations",
                        "apiCredentialId");
        assertThat(item.at("/definitions/0").propertyNames())
                .containsExactlyInAnyOrder("id", "source", "format", "name", "url", "sourceName");
        assertThat(item.get("vulnerabilityCounts").isNull()).isTrue();
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void listsImporterWithoutItsSecret() throws Exception {
        Answer created = caller.post(Caller.IMPORTERS, Caller.IMPORTER);
        assertThat(created.status()).isEqualTo(201);
        JsonNode item = caller.get(Caller.IMPORTERS).json().at("/importers/0");
        assertThat(item).isEqualTo(created.json());
        assertThat(item.propertyNames())
                .containsExactly(
                        "importerId",
                        "name",
                        "type",
                        "status",
                        "updateFrequency",
                        "lastRunDate",
                        "lastRunFailReason",
                        "syncStatus",
                        "parameters",
                        "extras");
        assertThat(item.get("parameters").toString()).isEqualTo("{\"clientId\":\"c\"}");
        assertThat(invicti.effects().count("POST /api/apihub/v1/importers")).isEqualTo(1);
    }

    @Test
    void runsImporterByHand() throws Exception {
        String id = caller.post(Caller.IMPORTERS, Caller.IMPORTER).text("importerId");
        invicti.syncImporter(id, "Failed");
        JsonNode item = caller.get(Caller.IMPORTERS).json().at("/importers/0");
        assertThat(item.get("syncStatus").stringValue()).isEqualTo("Failed");
        assertThat(item.get("lastRunDate").stringValue()).isEqualTo("2024-03-01T10:00:00Z");
        assertThatThrownBy(() -> invicti.syncImporter(id, "failed")).hasMessageStartingWith("syncStatus: failed ");
        assertThatThrownBy(() -> invicti.syncImporter("x", "Failed")).hasMessageStartingWith("importerId: x ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"aws_api_gateway\",\"status\":\"active\"}",
                "{\"name\":\"n\",\"status\":\"active\"}",
                "{\"name\":\"n\",\"type\":\"aws_api_gateway\"}",
                "{\"name\":\"n\",\"type\":\"t\",\"status\":\"s\",\"updateFrequency\":{\"unit\":\"yearly\"}}"
            })
    void rejectsInvalidImporter(String body) throws Exception {
        assertThat(caller.post(Caller.IMPORTERS, body).text("error")).isEqualTo("ValidationError");
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void locatesMendConnectionAndListsItWithoutKey() throws Exception {
        Answer created = caller.post(Caller.MEND, MEND);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text()).isEmpty();
        JsonNode list = caller.get(Caller.CONNECTIONS).json();
        assertThat(list.propertyNames()).containsExactly("items");
        assertThat(list.at("/items/0/id").stringValue()).isEqualTo(created.locatedId());
        assertThat(list.at("/items/0/name").stringValue()).isEqualTo("Mend");
        assertThat(list.at("/items/0").has("userKey")).isFalse();
        assertThat(invicti.effects().count("POST /api/external-scan/v1/mend/connections"))
                .isEqualTo(1);
    }

    @Test
    void importsSarif() throws Exception {
        Answer imported = caller.post("/api/external-scan/v1/import/sarif-imports", "{\"runs\":[]}");
        assertThat(imported.status()).isEqualTo(200);
        assertThat(imported.json().get("success").booleanValue()).isTrue();
        assertThat(invicti.effects().count("POST /api/external-scan/v1/import/sarif-imports"))
                .isEqualTo(1);
    }

    @Test
    void answersCreatedInstanceWithBodyOnly() throws Exception {
        Answer created = caller.post(Caller.INSTANCES, "{\"pluginId\":\"jira-plugin\",\"name\":\"Jira\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("location")).isEmpty();
        assertThat(created.text())
                .isEqualTo("{\"instanceId\":\"" + created.text("instanceId") + "\",\"pluginId\":\"jira-plugin\","
                        + "\"name\":\"Jira\",\"configured\":false,\"createdOn\":\"2024-03-01T10:00:00Z\"}");
        assertThat(caller.post(Caller.INSTANCES, "{}").status()).isEqualTo(400);
        assertThat(invicti.effects().count("POST /api/integrations/v1/instances"))
                .isEqualTo(1);
    }

    @Test
    void filtersInstancesByPluginAndConfiguration() throws Exception {
        caller.post(Caller.INSTANCES, "{\"pluginId\":\"jira-plugin\",\"name\":\"Jira\"}");
        String configured = caller.post(Caller.INSTANCES, "{\"pluginId\":\"slack-plugin\",\"channel\":\"c\"}")
                .text("instanceId");
        assertThat(caller.get(Caller.INSTANCES).json().get("instances")).hasSize(2);
        JsonNode found =
                caller.get(Caller.INSTANCES + "?pluginId=jira-plugin").json().get("instances");
        assertThat(found).hasSize(1);
        assertThat(found.at("/0/name").stringValue()).isEqualTo("Jira");
        found = caller.get(Caller.INSTANCES + "?configuredOnly=true").json().get("instances");
        assertThat(found).hasSize(1);
        assertThat(found.at("/0/instanceId").stringValue()).isEqualTo(configured);
    }
}
