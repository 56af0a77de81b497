package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Read-only resources: activity logs, scores of exposures, the overall summary. */
record Overviews(PicusRules rules, Envelopes envelopes) {

    List<Route> routes() {
        return List.of(
                Route.get("/v1/activity-logs", this::activityLogs),
                Route.post("/v1/exposures/instances/scores", this::scores),
                Route.post("/v1/summary/overall", this::summary));
    }

    /** Repeats the contract's sample. {@code date_start} and {@code date_end} have no documented format. */
    private SimulatedResponse activityLogs(Call call) {
        List<ObjectNode> logs = new ArrayList<>();
        for (int i = 0; i < rules.listedItems(); i++) {
            logs.add(Json.sample("{\"action\":\"IntegrationAgentDown\",\"event_type\":\"Agent\",\"event_time\":\""
                    + (1743141698L + i) + "\",\"event_activity\":{},\"ip\":\"123.123.123.123\"}"));
        }
        return envelopes.page(call, "activity_logs", logs);
    }

    /** Returns the contract's sample with the names of each pair. */
    private SimulatedResponse scores(Call call) {
        if (!(call.body().get("filters") instanceof ObjectNode filters)) {
            throw Refusal.required("filters");
        }
        if (!(filters.get("host_exposure_pairs") instanceof ArrayNode pairs)) {
            throw Refusal.required("host_exposure_pairs");
        }
        ObjectNode body = Json.object();
        ArrayNode scores = body.putArray("instance_scores");
        for (var pair : pairs) {
            if (!(pair instanceof ObjectNode named)) {
                throw Refusal.parsing("cannot unmarshal a pair into an object");
            }
            scores.add(Json.object()
                    .put("asset_id", Json.text(named, "hostname"))
                    .put("cve_id", Json.text(named, "exposure_id"))
                    .put("asset_criticality", 3.9)
                    .put("contextual_cvss", 7.6)
                    .put("exploitability", 71)
                    .put("picus_exposure_score", 7.2)
                    .put("security_control_effectiveness", "75.0"));
        }
        return Json.ok(body);
    }

    /** Returns an empty summary. Its members are not simulated. */
    private SimulatedResponse summary(Call call) {
        call.body();
        ObjectNode body = Json.object();
        body.putObject("summary");
        return Json.ok(body);
    }
}
