package io.penstock.test.simulator.picus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A simulation and its runs, oldest first. */
final class Simulation {

    /** The documented status of a simulation that was not started yet. */
    static final String WAITING = "WAITING FOR THE FIRST RUN";

    final long id;
    final String name;
    final long templateId;
    final @Nullable Long agentId;
    final List<Run> runs = new ArrayList<>();
    private final ObjectNode request;
    private final long createdAt;
    long updatedAt;

    Simulation(long id, ObjectNode request, long createdAt) {
        this.id = id;
        this.name = Json.text(request, "name");
        this.templateId = Json.id(request, "template_id");
        this.agentId = Json.idOrNull(request, "agent_id");
        this.request = request;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    @Nullable
    Run latest() {
        return runs.isEmpty() ? null : runs.get(runs.size() - 1);
    }

    String status() {
        Run run = latest();
        return run == null ? WAITING : run.job.status();
    }

    String agentName() {
        return agentId == null ? "" : "Agent-" + agentId;
    }

    String templateName() {
        return "Template #" + templateId;
    }

    /** Returns the score; -1 without a completed run (contract). */
    int score() {
        Run run = latest();
        return run != null && run.completed() ? 50 : -1;
    }

    /** Returns the form in the responses of create, update and simulate-now. */
    ObjectNode output(Envelopes envelopes) {
        ObjectNode body = Json.object().put("id", id).put("name", name);
        Json.copy(request, "description", body);
        envelopes.nullable(body, "agent_id", agentId);
        Json.copy(request, "agent_user_ids", body);
        envelopes.nullable(body, "template_id", templateId);
        envelopes.nullable(body, "is_active", true);
        Json.copy(request, "integrations", body);
        return body;
    }

    /** Returns an item of the list, literally the contract's sample for a completed run. */
    ObjectNode listed() {
        boolean completed = score() >= 0;
        Run run = latest();
        ObjectNode body = Json.object().put("simulation_id", id).put("simulation_name", name);
        body.put("status", status());
        body.putObject("agent")
                .put("id", agentId)
                .put("name", agentName())
                .put("status", "alive")
                .put("type", "Windows")
                .put("version", "3.4.0.0");
        body.put("completion_ratio", completed ? 100 : 0);
        body.putObject("detection_analysis")
                .putArray("integrations")
                .add(Json.sample("{\"id\":1,\"product_name\":\"Crowdstrike\"}"));
        body.put("has_detection_analysis", true)
                .put("has_last_run_detection_analysis", completed)
                .put("last_detection_security_score", score())
                .put("last_prevention_security_score", score())
                .put("fail_reason_message", run == null ? "" : run.failReason);
        body.set("status_details", statusDetails(completed));
        return body.put("template_id", templateId)
                .put("template_name", templateName())
                .put("updated_at", updatedAt);
    }

    /**
     * Returns the list item with the runs and with {@code created_at}, which is in seconds like {@code updated_at}
     * (contract).
     */
    ObjectNode detail() {
        ObjectNode body = listed();
        body.put("created_at", createdAt);
        var summaries = body.putArray("simulation_run");
        runs.forEach(run -> summaries.add(run.summary()));
        return body;
    }

    static ObjectNode statusDetails(boolean completed) {
        ObjectNode details = Json.object();
        for (String analysis : List.of("prevention", "detection")) {
            details.putObject(analysis)
                    .put("completed_threat_count", completed ? 1 : 0)
                    .put("total_threat_count", 1);
        }
        return details;
    }
}
