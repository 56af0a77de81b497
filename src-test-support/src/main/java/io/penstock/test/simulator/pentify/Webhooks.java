package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Webhook subscriptions (page "webhooks"). Only the response that creates one shows its secret. */
final class Webhooks {

    static final String CREATE = "POST /v1/webhooks";
    static final String DELETE = "DELETE /v1/webhooks/{id}";

    private static final Set<String> EVENTS =
            Set.of("scan.queued", "scan.running", "scan.completed", "scan.failed", "scan.cancelled", "target.verified");

    private final PentifyRules rules;
    private final EffectLedger effects;
    private final Map<String, ObjectNode> webhooks = new LinkedHashMap<>();
    private final Map<String, String> secrets = new HashMap<>();

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
        String secret = Ids.secret("whsec_");
        secrets.put(id, secret);
        return Json.response(201, webhook.deepCopy().put("secret", secret));
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

    /** Signs an event for a subscription, sends it to the subscription's URL and emits the status of the response. */
    Mono<Integer> deliver(String id, byte[] event) {
        ObjectNode webhook = webhooks.get(id);
        String secret = secrets.get(id);
        if (webhook == null || secret == null) {
            throw new IllegalArgumentException("webhook: " + id + " (expected: one that was created here)");
        }
        String signature = Delivery.signature(secret, rules.clock().instant().getEpochSecond(), event);
        return Delivery.send(webhook.path("url").stringValue(), signature, event);
    }

    byte[] event(String id, String type, String data) {
        String event = "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"created_at\":\""
                + Json.timestamp(rules.clock()) + "\",\"data\":" + data + "}";
        return event.getBytes(StandardCharsets.UTF_8);
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
