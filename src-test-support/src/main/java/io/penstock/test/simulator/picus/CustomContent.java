package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Custom detection content. Its parameters begin with capitals, and its errors have a code. */
final class CustomContent {

    private static final String CONTENT = "/v1/mitigation/detection-content/custom";

    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Store<Long, ObjectNode> content = new Store<>(Refusal::notFound);
    private long lastId;

    CustomContent(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.effects = effects;
        this.envelopes = envelopes;
        for (int i = 1; i <= rules.listedItems(); i++) {
            add("Rule-" + i);
        }
    }

    List<Route> routes() {
        return List.of(
                        Route.get(CONTENT, this::list),
                        Route.post(CONTENT, this::create),
                        Route.get(CONTENT + "/{content_id}", call -> Json.ok(content.find(call.id("content_id")))),
                        Route.put(CONTENT + "/{content_id}", this::update),
                        Route.delete(CONTENT + "/{content_id}", this::delete))
                .stream()
                .map(route -> route.failing(ErrorShape.CODED))
                .toList();
    }

    private SimulatedResponse list(Call call) {
        String search = call.query("Search");
        List<ObjectNode> matching = content.all().stream()
                .filter(rule -> search == null || rule.get("name").stringValue().contains(search))
                .toList();
        return envelopes.numberedPages(call, "Limit", "Offset", "rules", matching);
    }

    /**
     * Creates items. The members of an item and of {@code created} are undocumented; here they are a name and the ids.
     */
    private SimulatedResponse create(Call call) {
        if (!(call.body().get("items") instanceof ArrayNode items) || items.isEmpty()) {
            throw Refusal.required("items");
        }
        for (var item : items) {
            if (!(item instanceof ObjectNode named)) {
                throw Refusal.parsing("cannot unmarshal an item into an object");
            }
            Json.text(named, "content_name");
        }
        ObjectNode body = Json.object();
        ArrayNode created = body.putArray("created");
        for (var item : items) {
            created.add(add(item.get("content_name").stringValue()));
            effects.enter(call.operation(), Long.toString(lastId), null);
        }
        return envelopes.created(body);
    }

    private SimulatedResponse update(Call call) {
        ObjectNode rule = content.find(call.id("content_id"));
        rule.put("name", Json.text(call.body(), "content_name"));
        effects.enter(call.operation(), call.text("content_id"), null);
        return Json.ok(Json.object().put("message", "content is updated"));
    }

    private SimulatedResponse delete(Call call) {
        content.remove(call.id("content_id"));
        effects.enter(call.operation(), call.text("content_id"), null);
        return envelopes.deleted(Json.object().put("message", "content is deleted"));
    }

    private long add(String name) {
        ObjectNode rule = Json.object();
        rule.putArray("actions");
        rule.put("author", "Picus").put("content_id", ++lastId).putArray("content_sources");
        rule.put("name", name).put("severity", "high");
        rule.putArray("tactics");
        rule.putArray("techniques");
        rule.put("type", "custom");
        content.put(lastId, rule);
        return lastId;
    }
}
