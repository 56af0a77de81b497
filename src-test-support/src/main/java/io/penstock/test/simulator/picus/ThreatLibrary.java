package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Actions, files and processes of the threat library, and its lists without paging. */
final class ThreatLibrary {

    private static final String LIBRARY = "/v1/threat-library";

    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final List<ObjectNode> actions;
    private final List<ObjectNode> files;
    private final List<ObjectNode> processes;

    ThreatLibrary(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.effects = effects;
        this.envelopes = envelopes;
        actions = Items.numbered("Action", rules.listedItems());
        files = Items.numbered("File", rules.listedItems());
        processes = Items.numbered("Process", rules.listedItems());
    }

    List<Route> routes() {
        return List.of(
                Route.get(LIBRARY + "/action-parameters", this::actionParameters),
                Route.get(LIBRARY + "/actions", this::someActions),
                Route.post(LIBRARY + "/actions", call -> createNamed(call, "action", actions)),
                Route.post(LIBRARY + "/actions/custom-keyword", this::keyword),
                Route.get(LIBRARY + "/actions/{ActionId}", this::action),
                Route.get(LIBRARY + "/files", call -> envelopes.page(call, "files", files, 100, 100)),
                Route.post(LIBRARY + "/files", this::upload),
                Route.get(LIBRARY + "/processes", call -> envelopes.page(call, "processes", processes, 100, 100)),
                Route.post(LIBRARY + "/processes", this::createProcess),
                Route.get(LIBRARY + "/tags", call -> Json.list("tags", Items.numbered("tags", 3))),
                Route.get(
                        LIBRARY + "/threat-actors",
                        call -> Json.list("threat_actors", Items.numbered("threat_actors", 3))),
                Route.get("/v2/threat-library/actions", call -> envelopes.page(call, "actions", actions, 100, 100))
                        .failing(ErrorShape.CODED));
    }

    private SimulatedResponse actionParameters(Call call) {
        ObjectNode body = Json.object();
        for (String member : List.of(
                "action_categories",
                "affected_operating_systems",
                "affected_products",
                "mitre",
                "platforms",
                "threat_actors",
                "ukc_phases",
                "url_categories")) {
            body.putArray(member);
        }
        return Json.ok(body);
    }

    private SimulatedResponse someActions(Call call) {
        List<Long> ids = Items.requireIds(call, "action_ids", 100);
        Items.requireIds(call, "action_display_ids", 100);
        return envelopes.page(
                call,
                "actions",
                actions.stream()
                        .filter(action ->
                                ids.isEmpty() || ids.contains(action.get("id").longValue()))
                        .toList());
    }

    private SimulatedResponse action(Call call) {
        long id = call.id("ActionId");
        if (id < 1 || id > actions.size()) {
            throw Refusal.notFound();
        }
        return envelopes.item("action", actions.get((int) id - 1));
    }

    private SimulatedResponse createNamed(Call call, String wrapper, List<ObjectNode> all) {
        ObjectNode body = call.body();
        Json.text(body, "name");
        return create(call, wrapper, all, body);
    }

    private SimulatedResponse createProcess(Call call) {
        ObjectNode body = call.body();
        Json.text(body, "process_type");
        return create(call, "process", processes, body);
    }

    private SimulatedResponse create(Call call, String wrapper, List<ObjectNode> all, ObjectNode body) {
        ObjectNode created = Json.object().put("id", all.size() + 1);
        created.setAll(body.without("id"));
        all.add(created);
        effects.enter(call.operation(), created.get("id").asString(), null);
        return envelopes.createdItem(wrapper, created);
    }

    /** Answers with a keyword of undocumented form. It is also undocumented that the server stores it. */
    private SimulatedResponse keyword(Call call) {
        long action = Json.id(call.body(), "action_id");
        effects.enter(call.operation(), Long.toString(action), null);
        return Json.ok(Json.object().put("keyword", "keyword"));
    }

    private SimulatedResponse upload(Call call) {
        Multipart.require(call.request(), "file");
        ObjectNode file = Items.one("File", files.size() + 1L);
        files.add(file);
        effects.enter(call.operation(), file.get("id").asString(), null);
        return envelopes.created(
                Json.object().put("remote_file_id", file.get("id").longValue()));
    }
}
