package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Detection content that ships with the product, and devices. Version 1 of the devices is retired. */
record Mitigation(PicusRules rules, Envelopes envelopes) {

    private static final String CONTENT = "/v1/mitigation/detection-content";
    private static final List<String> SOURCES = List.of("sigma", "splunk", "qradar");

    List<Route> routes() {
        return List.of(
                Route.get(CONTENT + "/devices", call -> whole("devices")),
                Route.get(CONTENT + "/mitre/sub-techniques", call -> whole("sub_techniques")),
                Route.get(CONTENT + "/mitre/tactics", call -> whole("tactics")),
                Route.get(CONTENT + "/mitre/techniques", call -> whole("techniques")),
                Route.get(CONTENT + "/sources", call -> sources()),
                Route.get(CONTENT + "/{source}/log-sources", this::logSources),
                Route.get(CONTENT + "/{source}/rules", this::rules),
                Route.get(CONTENT + "/{source}/rules/{ruleId}", this::rule),
                Route.get("/v1/mitigation/devices", call -> retired()),
                Route.get("/v1/mitigation/devices/{DeviceId}/signatures", this::signatures),
                Route.get("/v1/mitigation/generic/not-blocked-actions", this::notBlockedActions),
                Route.get("/v2/mitigation/devices", call -> whole("devices")).failing(ErrorShape.CODED),
                Route.get("/v2/mitigation/devices/{DeviceId}", this::device).failing(ErrorShape.CODED));
    }

    /** Fails with 410. The wording is undocumented. */
    private static SimulatedResponse retired() {
        throw Refusal.of(
                410, "this endpoint is retired, use /v2/mitigation/devices and /v2/mitigation/devices/{DeviceId}");
    }

    private static SimulatedResponse sources() {
        ObjectNode body = Json.object();
        SOURCES.forEach(body.putArray("sources")::add);
        return Json.ok(body);
    }

    private SimulatedResponse logSources(Call call) {
        requireSource(call);
        return whole("logSources");
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
        return whole("signatures");
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

    private static SimulatedResponse whole(String member) {
        ObjectNode body = Json.object();
        Items.numbered(member, 3).forEach(body.putArray(member)::add);
        return Json.ok(body);
    }
}
