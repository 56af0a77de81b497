package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The findings of a run, under {@code /run/latest} and {@code /run/{RunId}}. Every run has the same threats, with the
 * same tree of actions. An item has only the members that the facts name; {@code id} and {@code name} stand for the
 * rest.
 */
record RunResults(PicusRules rules, Envelopes envelopes, Simulations simulations) {

    /** The same action twice, distinguished by its node (contract). */
    private static final String OBJECTIVES = """
            [{"id":1,"name":"Objective-1","actions":[{"action_id":1,"action_name":"Action-1","node_id":11,
            "true_items":[{"action_id":2,"action_name":"Action-2","node_id":12,"true_items":[],"false_items":[]}],
            "false_items":[{"action_id":1,"action_name":"Action-1","node_id":13,"true_items":[],"false_items":[]}]}]}]
            """;

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String run : List.of("/v1/simulations/{Id}/run/latest", "/v1/simulations/{Id}/run/{RunId}")) {
            String actions = run + "/threats/{ThreatId}/actions";
            String integration = actions + "/{ActionId}/integrations/{IntegrationId}";
            routes.add(Route.get(run, this::result));
            routes.add(Route.get(run + "/frameworks", this::frameworks));
            routes.add(Route.get(run + "/threats", this::threats));
            routes.add(Route.get(actions, this::actions));
            routes.add(Route.get(actions + "/{ActionId}", this::action));
            routes.add(Route.get(integration + "/alerts", call -> evidence(call, "alerts")));
            routes.add(Route.get(integration + "/logs", call -> evidence(call, "logs")));
        }
        routes.add(Route.get(
                "/v1/simulations/{SimulationId}/run/{RunId}/threats/{ThreatId}/peers/{PeerId}/integrations/{IntegrationId}/raw-logs",
                this::rawLogs));
        return routes;
    }

    /**
     * Answers literally with the contract's sample for a completed run, and with zeros before, which is undocumented.
     */
    private SimulatedResponse result(Call call) {
        Simulation simulation = simulations.find(call, "Id");
        Run run = simulations.poll(call, simulation);
        int found = run.completed() ? 1 : 0;
        ObjectNode body = Json.object()
                .put("simulation_id", simulation.id)
                .put("simulation_run_id", run.id)
                .put("template_id", simulation.templateId)
                .put("status", run.job.status());
        run.times(body).put("completion_ratio", 100 * found).put("fail_reason_message", run.failReason);
        body.set("status_details", Simulation.statusDetails(run.completed()));
        ObjectNode results = body.putObject("results");
        prevention(results.putObject("prevention"), found);
        results.put("has_detection_analysis", true);
        results.set("detection_analysis", detection(found));
        return Json.ok(body);
    }

    private void prevention(ObjectNode prevention, int found) {
        prevention.put("security_score", 50 * found);
        prevention
                .putObject("threat")
                .put("blocked_count", found)
                .put("not_blocked_count", found)
                .put("not_tested_count", 0)
                .put("total_count", 2 * found);
        prevention
                .putObject("attacker_objectives")
                .put(rules.correctSpelling() ? "achieved_count" : "achived_count", found)
                .put(rules.correctSpelling() ? "unachieved_count" : "unachived_count", found)
                .put("not_tested_count", 0)
                .put("total_count", 2 * found);
    }

    private static ObjectNode detection(int found) {
        ObjectNode detection = Json.object()
                .put("security_score", 50 * found)
                .put("has_alert_analysis", true)
                .put("has_log_analysis", true);
        detection
                .putObject("log")
                .put("score", found)
                .put("logged_threat_count", found)
                .put("not_logged_threat_count", 0);
        detection
                .putObject("alert")
                .put("score", found)
                .put("alerted_threat_count", found)
                .put("not_alerted_threat_count", 0);
        detection.putArray("integrations").add(Json.sample("{\"id\":1,\"product_name\":\"Crowdstrike\"}"));
        return detection;
    }

    private SimulatedResponse frameworks(Call call) {
        known(call);
        ObjectNode body = Json.object();
        body.putArray("mitre_attack_results");
        body.putArray("unified_kill_chain_results");
        return Json.ok(body);
    }

    /** Answers with the threats of a run. It is undocumented that a threat contains the objectives. */
    private SimulatedResponse threats(Call call) {
        known(call);
        List<ObjectNode> threats = Items.numbered("Threat", rules.listedItems());
        threats.forEach(threat -> threat.set("objectives", Json.parse(OBJECTIVES)));
        return envelopes.page(call, "threats", threats, 10, 50);
    }

    private SimulatedResponse actions(Call call) {
        known(call);
        Items.requireIds(call, "action_ids", 100);
        Items.requireIds(call, "action_display_ids", 100);
        return envelopes.page(call, "actions", nodes(), 10, 50);
    }

    private SimulatedResponse action(Call call) {
        known(call);
        long id = call.id("ActionId");
        boolean anyNode = call.query("node_id") == null;
        long wanted = call.number("node_id", 0);
        return nodes().stream()
                .filter(action -> action.get("action_id").longValue() == id)
                .filter(action -> anyNode || action.get("node_id").longValue() == wanted)
                .findFirst()
                .map(node -> Json.ok(described(node)))
                .orElseThrow(Refusal::notFound);
    }

    /** Adds those of the many members that the facts name. Their values are undocumented. */
    private static ObjectNode described(ObjectNode action) {
        for (String member : List.of("affected_os", "affected_platforms", "affected_products")) {
            action.putArray(member);
        }
        action.put("attack_module", "Windows Endpoint Scenario").put("attack_module_id", 2);
        action.put("category", "Attack Scenario").put("completed_at", 0).put("description", "");
        action.putObject("detection_analysis");
        return action;
    }

    private SimulatedResponse evidence(Call call, String member) {
        action(call);
        call.id("IntegrationId");
        return envelopes.page(call, member, Items.numbered(member, rules.listedItems()), 100, 1000);
    }

    private SimulatedResponse rawLogs(Call call) {
        Simulation simulation = simulations.find(call, "SimulationId");
        simulations.poll(call, simulation);
        ObjectNode body = Json.object();
        body.putArray("raw_log_file_links");
        return Json.ok(body);
    }

    private void known(Call call) {
        simulations.poll(call, simulations.find(call, "Id"));
        if (call.path().containsKey("ThreatId") && call.id("ThreatId") > rules.listedItems()) {
            throw Refusal.notFound();
        }
    }

    /** Returns the tree in order, without its branches. */
    private static List<ObjectNode> nodes() {
        List<ObjectNode> nodes = new ArrayList<>();
        Json.parse(OBJECTIVES).forEach(objective -> collect((ArrayNode) objective.get("actions"), nodes));
        return nodes;
    }

    private static void collect(ArrayNode actions, List<ObjectNode> nodes) {
        for (var action : actions) {
            nodes.add(((ObjectNode) action.deepCopy()).without(List.of("true_items", "false_items")));
            collect((ArrayNode) action.get("true_items"), nodes);
            collect((ArrayNode) action.get("false_items"), nodes);
        }
    }
}
