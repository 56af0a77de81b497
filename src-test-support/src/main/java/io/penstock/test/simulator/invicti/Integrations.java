package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Instances of integrations (page "integrations-api"), and the connections and imports of external scanners (page
 * "ast-import-api").
 *
 * <p>Undocumented for an instance: the content of its configuration. Here {@code pluginId} is required, and an instance
 * with any other member but {@code name} counts as configured.
 *
 * <p>Undocumented for a connection: its required members; that its name has at most 100 characters, as in the sample of
 * a 400; and that it is returned without the {@code userKey}.
 *
 * <p>Undocumented for an import: its response, here an operation result.
 */
final class Integrations extends Section {

    private static final int MAX_NAME = 100;

    private final List<ObjectNode> instances = new ArrayList<>();
    private final List<ObjectNode> connections = new ArrayList<>();

    Integrations(InvictiRules rules, Wire wire, Ids ids, Audit audit) {
        super(rules, wire, ids, audit);
    }

    Collection<ObjectNode> instances(LoggedRequest request) {
        String pluginId = request.query("pluginId");
        boolean configuredOnly = "true".equals(request.query("configuredOnly"));
        return instances.stream()
                .filter(instance -> pluginId == null || pluginId.equals(Json.text(instance.get("pluginId"))))
                .filter(instance ->
                        !configuredOnly || instance.get("configured").booleanValue())
                .toList();
    }

    SimulatedResponse createInstance(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body).required("pluginId").check();
        String id = ids.next("instance");
        ObjectNode json = Json.object().put("instanceId", id);
        json.set("pluginId", body.get("pluginId"));
        boolean configured =
                body.propertyNames().stream().anyMatch(member -> !member.equals("pluginId") && !member.equals("name"));
        json.put("name", Json.text(body.get("name")))
                .put("configured", configured)
                .put("createdOn", wire.now());
        instances.add(json);
        audit.acted(call, id);
        return wire.created(call, CreateAnswer.BODY, "/api/integrations/v1/instances/" + id, json);
    }

    Collection<ObjectNode> connections() {
        return connections;
    }

    SimulatedResponse connectMend(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body)
                .required("url")
                .required("name")
                .atMost("name", MAX_NAME)
                .required("email")
                .required("userKey")
                .required("organizationId")
                .check();
        String id = ids.next("connection");
        ObjectNode json = Json.object().put("id", id);
        json.setAll(body);
        json.put("id", id).remove("userKey");
        connections.add(json);
        audit.acted(call, id);
        return wire.created(call, CreateAnswer.LOCATION, "/api/external-scan/v1/mend/connections/" + id, json);
    }

    SimulatedResponse importSarif(Call call) {
        Json.requestBody(call.request());
        audit.acted(call, ids.next("sarif-import"));
        return Json.response(
                200, Json.object().put("success", true).put("message", "SARIF import started successfully"));
    }
}
