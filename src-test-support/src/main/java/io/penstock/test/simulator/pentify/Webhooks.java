package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Webhook subscriptions (page "webhooks"); the secret is told once, in the answer that creates one. No deliveries. */
final class Webhooks {

    static final String CREATE = "POST /v1/webhooks";
    static final String DELETE = "DELETE /v1/webhooks/{id}";

    private static final Set<String> EVENTS =
            Set.of("scan.queued", "scan.running", "scan.completed", "scan.failed", "scan.cancelled", "target.verified");

    private final PentifyRules rules;
    private final EffectLedger effects;
    private final Map<String, ObjectNode> webhooks = new LinkedHashMap<>();

    Webhooks(PentifyRules rules, EffectLedger effects) {
        this.rules = rules;
        this.effects = effects;
    }

    Collection<ObjectNode> all() {
        return webhooks.values();
    }

    SimulatedResponse create(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        String url = Json.text(body, "url");
        ArrayNode events = events(body);
        String id = Ids.resource("whk_", rules.clock().millis());
        ObjectNode webhook = Json.object();
        webhook.put("id", id).put("url", url);
        webhook.set("events", events);
        webhook.put("created_at", Json.timestamp(rules.clock()));
        webhooks.put(id, webhook);
        effects.enter(CREATE, id, null);
        return Json.response(201, webhook.deepCopy().put("secret", Ids.secret("whsec_")));
    }

    SimulatedResponse get(Call call) {
        return Json.response(200, find(call.id()));
    }

    SimulatedResponse delete(Call call) {
        find(call.id());
        webhooks.remove(call.id());
        effects.enter(DELETE, call.id(), null);
        return SimulatedResponse.empty(204);
    }

    private ObjectNode find(String id) {
        ObjectNode webhook = webhooks.get(id);
        if (webhook == null) {
            throw Refusal.notFound();
        }
        return webhook;
    }

    private static ArrayNode events(ObjectNode body) {
        if (!(body.get("events") instanceof ArrayNode events) || events.isEmpty()) {
            throw Refusal.invalid("events", "required");
        }
        for (JsonNode event : events) {
            if (!event.isString() || !EVENTS.contains(event.stringValue())) {
                throw Refusal.invalid("events", "unknown event");
            }
        }
        return events;
    }
}
