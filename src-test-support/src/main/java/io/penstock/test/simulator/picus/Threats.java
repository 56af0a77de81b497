package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The threats of the library: listed, created, imported, changed, exported, deleted. The filters are not simulated. */
final class Threats {

    private static final String THREATS = "/v1/threat-library/threats";
    private static final String THREAT = THREATS + "/{ThreatId}";

    private final PicusRules rules;
    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Store<Long, ObjectNode> threats = new Store<>(Refusal::notFound);
    private long lastId;

    Threats(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.rules = rules;
        this.effects = effects;
        this.envelopes = envelopes;
        for (int i = 1; i <= rules.listedItems(); i++) {
            add("Threat " + i);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get(THREATS, call -> envelopes.page(call, "threats", threats.all())),
                Route.post(THREATS, this::create),
                Route.post(THREATS + "/import", this::upload),
                Route.get(THREAT, call -> envelopes.item("threat", threats.find(call.id("ThreatId")))),
                Route.put(THREAT, this::update),
                Route.delete(THREAT, this::delete),
                Route.get(THREAT + "/export", this::export));
    }

    /** Creates a threat. It is undocumented that {@code name} is required. */
    private SimulatedResponse create(Call call) {
        ObjectNode body = call.body();
        ObjectNode threat = add(Json.text(body, "name"));
        threat.setAll(body.without(List.of("id", "created_at")));
        effects.enter(call.operation(), threat.get("id").asString(), null);
        return envelopes.createdItem("threat", threat);
    }

    private SimulatedResponse update(Call call) {
        ObjectNode threat = threats.find(call.id("ThreatId"));
        threat.setAll(call.body().without(List.of("id", "created_at")));
        effects.enter(call.operation(), threat.get("id").asString(), null);
        return envelopes.item("threat", threat);
    }

    private SimulatedResponse delete(Call call) {
        ObjectNode threat = threats.remove(call.id("ThreatId"));
        effects.enter(call.operation(), threat.get("id").asString(), null);
        return envelopes.deleted(Json.object().put("message", "threat is deleted"));
    }

    /** Imports a threat. The values are undocumented. */
    private SimulatedResponse upload(Call call) {
        Multipart.require(call.request(), "file");
        String id = add("Imported threat").get("id").asString();
        effects.enter(call.operation(), id, null);
        ObjectNode answer = Json.object().put("action_count", 1).put("attack_module", "Windows Endpoint Scenario");
        answer.put("campaign_id", lastId).putArray("category_names");
        return envelopes.created(answer.put("filename", "threat.yaml"));
    }

    private SimulatedResponse export(Call call) {
        String yaml = "id: " + threats.find(call.id("ThreatId")).get("id") + "\n";
        return SimulatedResponse.bytes(200, "application/octet-stream", yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a threat whose {@code created_at} has fractions of a second, as recorded in the contract. */
    private ObjectNode add(String name) {
        Instant now = rules.clock().instant();
        ObjectNode threat = Json.object().put("id", ++lastId).put("name", name);
        threat.put("created_at", toEightDigits(now));
        threats.put(lastId, threat);
        return threat;
    }

    /**
     * Returns {@code 2025-06-24T07:19:23.72964766Z}, for example. Go drops trailing zeros, so the number of digits
     * varies.
     */
    private static String toEightDigits(Instant time) {
        String digits =
                time.truncatedTo(ChronoUnit.SECONDS).plusNanos(729_647_660).toString();
        return digits.replace("0Z", "Z");
    }
}
