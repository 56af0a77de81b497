package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Detection content that ships with the product, and devices. Version 1 of the devices is retired. */
record Mitigation(PicusRules rules, Envelopes envelopes) {

    private static final String CONTENT = "/v1/mitigation/detection-content";
    private static final List<String> SOURCES = List.of("sigma", "splunk", "qradar");

    List<Route> routes() {
        return List.of(
                Route.get(CONTENT + "/devices", call -> Json.list("devices", Items.numbered("devices", 3))),
                Route.get(
                        CONTENT + "/mitre/sub-techniques",
                        call -> Json.list("sub_techniques", Items.numbered("sub_techniques", 3))),
                Route.get(CONTENT + "/mitre/tactics", call -> Json.list("tactics", Items.numbered("tactics", 3))),
                Route.get(
                        CONTENT + "/mitre/techniques",
                        call -> Json.list("techniques", Items.numbered("techniques", 3))),
                Route.get(
                        CONTENT + "/sources",
                        call -> Json.list(
                                "sources",
                                SOURCES.stream().map(StringNode::valueOf).toList())),
                Route.get(CONTENT + "/{source}/log-sources", this::logSources),
                Route.get(CONTENT + "/{source}/rules", this::rules),
                Route.get(CONTENT + "/{source}/rules/{ruleId}", this::rule),
                Route.get("/v1/mitigation/devices", call -> retired()),
                Route.get("/v1/mitigation/devices/{DeviceId}/signatures", this::signatures),
                Route.get("/v1/mitigation/generic/not-blocked-actions", this::notBlockedActions),
                Route.get("/v2/mitigation/devices", call -> Json.list("devices", Items.numbered("devices", 3)))
                        .failing(ErrorShape.CODED),
                Route.get("/v2/mitigation/devices/{DeviceId}", this::device).failing(ErrorShape.CODED));
    }

    /** Fails with 410. The wording is undocumented. */
    private static SimulatedResponse retired() {
        throw Refusal.of(
                410, "this endpoint is retired, use /v2/mitigation/devices and /v2/mitigation/devices/{DeviceId}");
    }

    private SimulatedResponse logSources(Call call) {
        requireSource(call);
        return Json.list("logSources", Items.numbered("logSources", 3));
    }

    private SimulatedResponse rules(Call call) {
        requireSource(call);
        return envelopes.numberedPages(call, "limit", "offset", "rules", Items.numbered("Rule", rules.listedItems()));
    }

    private SimulatedResponse rule(Call call) {
        requireSource(call);
        if (call.id("ruleId") < 1 || call.id("ruleId") > rules.listedItems()) {
            throw Refusal.notFound();
        }
        ObjectNode body = Json.object();
        body.putArray("actions");
        body.set("overview", Items.one("Rule", call.id("ruleId")));
        return Json.ok(body);
    }

    private SimulatedResponse signatures(Call call) {
        call.required("action_ids");
        Items.requireIds(call, "action_ids", 10);
        call.id("DeviceId");
        return Json.list("signatures", Items.numbered("signatures", 3));
    }

    private SimulatedResponse notBlockedActions(Call call) {
        return envelopes.pagination(call, "not_blocked_action_list", Items.numbered("Action", rules.listedItems()));
    }

    private SimulatedResponse device(Call call) {
        long id = call.id("DeviceId");
        if (id < 1 || id > 3) {
            throw Refusal.notFound();
        }
        return Json.ok(Json.object()
                .put("blocked_count", 1)
                .put("device_id", id)
                .put("not_blocked_count", 1)
                .put("score", 50)
                .put("total_count", 2));
    }

    private static void requireSource(Call call) {
        if (!SOURCES.contains(call.text("source"))) {
            throw Refusal.notFound();
        }
    }
}
