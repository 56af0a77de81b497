package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Importers of API definitions (page "api-importers-api"). Undocumented: the response to a creation; that the
 * parameters are returned without the client's secret; and the required members, here {@code name}, {@code type} and
 * {@code status}.
 */
final class Importers extends Section {

    private static final List<String> SYNC_STATUSES = List.of("None", "Completed", "Failed");
    private static final List<String> UNITS = List.of("hourly", "daily", "weekly", "monthly");

    private final Store<String, ObjectNode> importers = new Store<>(Refusal::notFound);

    Importers(InvictiRules rules, Wire wire, Ids ids, Audit audit) {
        super(rules, wire, ids, audit);
    }

    Collection<ObjectNode> all() {
        return importers.all();
    }

    SimulatedResponse create(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body)
                .required("name")
                .required("type")
                .required("status")
                .check();
        ObjectNode frequency = body.get("updateFrequency") instanceof ObjectNode given ? given : Json.object();
        String unit = Json.text(frequency.get("unit"));
        if (unit != null && !UNITS.contains(unit)) {
            throw Refusal.invalid("updateFrequency.unit", "Unit must be one of " + String.join(", ", UNITS));
        }
        String id = ids.next("importer");
        ObjectNode json = Json.object().put("importerId", id);
        json.set("name", body.get("name"));
        json.put("type", wire.constant(body.get("type").stringValue()))
                .put("status", wire.constant(body.get("status").stringValue()))
                .set("updateFrequency", frequency);
        json.putNull("lastRunDate").putNull("lastRunFailReason").put("syncStatus", "None");
        ObjectNode parameters = body.get("parameters") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        parameters.remove("clientSecret");
        json.set("parameters", parameters);
        json.putObject("extras");
        importers.put(id, json);
        audit.acted(call, id);
        return wire.created(call, CreateAnswer.BODY, "/api/apihub/v1/importers/" + id, json);
    }

    void synced(String id, String syncStatus) {
        ObjectNode json = importers.existing(id, "importerId", "the id of a created importer");
        if (!SYNC_STATUSES.contains(syncStatus)) {
            throw new IllegalArgumentException(
                    "syncStatus: " + syncStatus + " (expected one of: " + String.join(", ", SYNC_STATUSES) + ")");
        }
        json.put("syncStatus", syncStatus).put("lastRunDate", wire.now());
    }
}
