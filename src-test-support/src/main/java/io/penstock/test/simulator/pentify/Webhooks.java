package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
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
    private final Store<String, Webhook> webhooks = new Store<>(Refusal::notFound);

    Webhooks(PentifyRules rules, EffectLedger effects) {
        this.rules = rules;
        this.effects = effects;
    }

    Collection<ObjectNode> all() {
        return webhooks.all().stream().map(Webhook::json).toList();
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
        String secret = Ids.secret("whsec_");
        webhooks.put(id, new Webhook(webhook, secret));
        effects.enter(CREATE, id, null);
        return Json.response(201, webhook.deepCopy().put("secret", secret));
    }

    SimulatedResponse get(Call call) {
        return Json.response(200, webhooks.find(call.id()).json());
    }

    SimulatedResponse delete(Call call) {
        webhooks.remove(call.id());
        effects.enter(DELETE, call.id(), null);
        return SimulatedResponse.empty(204);
    }

    /** Signs an event for a subscription, sends it to the subscription's URL and emits the status of the response. */
    Mono<Integer> deliver(String id, byte[] event) {
        Webhook webhook = webhooks.existing(id, "webhook", "one that was created here");
        String signature =
                Delivery.signature(webhook.secret(), rules.clock().instant().getEpochSecond(), event);
        return Delivery.send(webhook.json().path("url").stringValue(), signature, event);
    }

    byte[] event(String id, String type, String data) {
        String event = "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"created_at\":\""
                + Json.timestamp(rules.clock()) + "\",\"data\":" + data + "}";
        return event.getBytes(StandardCharsets.UTF_8);
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

    private record Webhook(ObjectNode json, String secret) {}
}
