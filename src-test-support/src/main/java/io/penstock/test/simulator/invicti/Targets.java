package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Targets. They are returned in camelCase, as in the samples of the page "s1-handle-responses", or in the lineage's
 * snake_case if their list is a {@link ListShape#CURSOR_ARRAY}. The list is documented; creating, changing, reading and
 * deleting a target are inferred.
 */
final class Targets extends Section {

    private final Store<String, Target> targets = new Store<>(Refusal::notFound);

    Targets(InvictiRules rules, Wire wire, Ids ids, Audit audit) {
        super(rules, wire, ids, audit);
    }

    String add(String name, String url) {
        String id = ids.next("target");
        targets.put(id, new Target(id, name, url, wire.now()));
        return id;
    }

    Collection<ObjectNode> all() {
        return targets.all().stream()
                .map(target -> isLineage() ? lineage(target) : item(target))
                .toList();
    }

    SimulatedResponse get(Call call) {
        Target target = targets.find(call.id());
        if (isLineage()) {
            return Json.response(200, lineage(target));
        }
        ObjectNode json = item(target)
                .put("status", "Active")
                .put("createdAt", target.createdAt)
                .put("lastScanAt", target.lastScanAt);
        return Json.response(200, json);
    }

    /** Creates a target. Its name is the description, if there is one. */
    SimulatedResponse create(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body).required("address").check();
        String address = body.get("address").stringValue();
        String description = Json.text(body.get("description"));
        String id = add(description == null || description.isBlank() ? address : description, address);
        audit.acted(call, id);
        ObjectNode json = Json.object();
        json.put("target_id", id)
                .put("address", address)
                .put("description", description == null ? "" : description)
                .set("type", Json.member(body, "type", StringNode.valueOf("default")));
        json.set("criticality", Json.member(body, "criticality", json.numberNode(10)));
        return wire.created(call, CreateAnswer.BODY_AND_LOCATION, "/api/v1/targets/" + id, json);
    }

    /** Accepts any configuration and discards it. The possible content is unknown. */
    SimulatedResponse configure(Call call) {
        Target target = targets.find(call.id());
        Json.requestBody(call.request());
        audit.acted(call, target.id);
        return SimulatedResponse.empty(204);
    }

    /** Deletes a target. The page "s1-handle-responses" documents 204 without a body for a DELETE. */
    SimulatedResponse delete(Call call) {
        Target target = targets.remove(call.id());
        audit.acted(call, target.id);
        return SimulatedResponse.empty(204);
    }

    void scanned(String id) {
        if (targets.has(id)) {
            targets.find(id).lastScanAt = wire.now();
        }
    }

    private boolean isLineage() {
        return rules.listShape(Listing.TARGETS) == ListShape.CURSOR_ARRAY;
    }

    private static ObjectNode item(Target target) {
        return Json.object().put("id", target.id).put("name", target.name).put("url", target.url);
    }

    private static ObjectNode lineage(Target target) {
        return Json.object()
                .put("target_id", target.id)
                .put("address", target.url)
                .put("description", target.name)
                .put("type", "default")
                .put("criticality", 10);
    }

    private static final class Target {
        private final String id;
        private final String name;
        private final String url;
        private final String createdAt;
        private @Nullable String lastScanAt;

        Target(String id, String name, String url, String createdAt) {
            this.id = id;
            this.name = name;
            this.url = url;
            this.createdAt = createdAt;
        }
    }
}
