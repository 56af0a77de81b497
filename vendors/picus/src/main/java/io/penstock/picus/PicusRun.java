package io.penstock.picus;

import io.penstock.paging.Pages;
import io.penstock.picus.model.Frameworks;
import io.penstock.picus.model.RunAction;
import io.penstock.picus.model.RunResult;
import io.penstock.request.ApiRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The findings of one run of a simulation: {@link Picus#latestRun}, or {@link Picus#run} for a {@link NumberedRun}.
 * Nothing here polls. The members of threats, alerts and logs are not documented.
 */
public sealed class PicusRun permits NumberedRun {

    final Calls calls;
    private final long simulationId;
    private final @Nullable Long runId;

    PicusRun(Calls calls, long simulationId, @Nullable Long runId) {
        this.calls = calls;
        this.simulationId = simulationId;
        this.runId = runId;
    }

    /** Emits the current scores. */
    public Mono<RunResult> result() {
        return calls.value(of("").as(RunResult.class));
    }

    /** Emits the scores by MITRE ATT&amp;CK and by the unified kill chain. */
    public Mono<Frameworks> frameworks() {
        return calls.value(of("/frameworks").as(Frameworks.class));
    }

    /** Returns the threats, each with a tree of actions: 10 per page by default, at most 50. */
    public Pages<JsonNode> threats(ListQuery query) {
        return calls.pages(of("/threats"), query, JsonNode.class, "threats");
    }

    /**
     * Returns the actions of a threat. Filters, for a numbered run only: {@code action_ids}, at most 100, and
     * {@code action_display_ids}.
     */
    public Pages<RunAction> actions(long threatId, ListQuery query) {
        return calls.pages(ofThreat(threatId, "/actions"), query, RunAction.class, "actions");
    }

    /**
     * Emits one action of a threat.
     *
     * @param nodeId the node, if the same action appears several times in the threat; null for the first
     */
    public Mono<RunAction> action(long threatId, long actionId, @Nullable Long nodeId) {
        return calls.value(
                ofAction(threatId, actionId, "").query("node_id", nodeId).as(RunAction.class));
    }

    /**
     * Returns the alerts that an integration has raised for an action: 100 per page by default, at most 1000. Filter:
     * {@code node_id}.
     */
    public Pages<JsonNode> alerts(long threatId, long actionId, long integrationId, ListQuery query) {
        return evidence("alerts", threatId, actionId, integrationId, query);
    }

    /** Returns the logs that an integration has of an action; see {@link #alerts}. */
    public Pages<JsonNode> logs(long threatId, long actionId, long integrationId, ListQuery query) {
        return evidence("logs", threatId, actionId, integrationId, query);
    }

    private Pages<JsonNode> evidence(String what, long threatId, long actionId, long integrationId, ListQuery query) {
        ApiRequest<?> request = ofAction(threatId, actionId, "/integrations/{IntegrationId}/" + what)
                .path("IntegrationId", integrationId);
        return calls.pages(request, query, JsonNode.class, what);
    }

    private ApiRequest<JsonNode> ofAction(long threatId, long actionId, String rest) {
        return ofThreat(threatId, "/actions/{ActionId}" + rest).path("ActionId", actionId);
    }

    ApiRequest<JsonNode> ofThreat(long threatId, String rest) {
        return of("/threats/{ThreatId}" + rest).path("ThreatId", threatId);
    }

    private ApiRequest<JsonNode> of(String rest) {
        return runId == null
                ? ApiRequest.get("v1/simulations/{Id}/run/latest" + rest).path("Id", simulationId)
                : ApiRequest.get("v1/simulations/{Id}/run/{RunId}" + rest)
                        .path("Id", simulationId)
                        .path("RunId", runId);
    }
}
