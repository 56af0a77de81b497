package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Applications (page "inventory-api") and the targets of the API hub (page "api-inventory-api"). A test adds them. */
final class Inventory extends Section {

    private static final int MAX_NAME = 255;
    private static final int MAX_DESCRIPTION = 1023;

    private final String organizationId;
    private final List<ObjectNode> applications = new ArrayList<>();
    private final List<ObjectNode> apiTargets = new ArrayList<>();

    Inventory(InvictiRules rules, Wire wire, Ids ids, Audit audit, String organizationId) {
        super(rules, wire, ids, audit);
        this.organizationId = organizationId;
    }

    /**
     * Returns the applications. It is undocumented that the counts are present only on request. This simulator has
     * nothing to count.
     */
    Collection<ObjectNode> applications(LoggedRequest request) {
        if (!"true".equals(request.query("includeAssetCounts"))) {
            return applications;
        }
        List<ObjectNode> counted = new ArrayList<>();
        for (ObjectNode application : applications) {
            ObjectNode copy = application.deepCopy();
            copy.putObject("assetCounts").put("targets", 0).put("repositories", 0);
            counted.add(copy);
        }
        return counted;
    }

    SimulatedResponse createApplication(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body)
                .required("name")
                .atMost("name", MAX_NAME)
                .atMost("description", MAX_DESCRIPTION)
                .check();
        String id = ids.next("application");
        ObjectNode json = Json.object().put("id", id).put("organizationId", organizationId);
        json.putArray("collectionIds");
        json.putArray("assetIds");
        json.set("name", body.get("name"));
        json.put("description", Json.text(body.get("description")))
                .set("tags", Json.member(body, "tags", Json.array()));
        applications.add(json);
        audit.acted(call, id);
        return wire.created(call, CreateAnswer.LOCATION, "/api/inventory/v1/applications/" + id, json);
    }

    Collection<ObjectNode> apiTargets() {
        return apiTargets;
    }

    /** Adds a target. Nullable members are null, as in the sample; the values of the others are undocumented. */
    String addApiTarget(String name) {
        String id = ids.next("api-target");
        ObjectNode json = Json.object().put("id", id).put("name", name).putNull("description");
        json.putArray("alternativeUrls");
        ObjectNode definition = json.putArray("definitions").addObject().put("id", ids.next("definition"));
        definition.putObject("source").put("mode", "").put("origin", "");
        definition.put("format", "").put("name", name).put("url", "").put("sourceName", "");
        json.put("definitionFormat", "")
                .put("createdAt", wire.now())
                .put("modifiedAt", wire.now())
                .putNull("lastScanned")
                .putNull("lastScanStatus")
                .put("operationsCount", 0)
                .put("isHidden", false)
                .putNull("vulnerabilityCounts");
        json.putArray("links");
        json.putArray("annotations");
        apiTargets.add(json.putNull("apiCredentialId"));
        return id;
    }
}
