package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Targets and their verification. A registered target must be verified before a scan, and again after 30 days (page
 * "terminal/…"). The proof itself always succeeds here. Undocumented: the members {@code target} and {@code verified},
 * the prefix {@code tgt_}, that a scan names a target by host or by id, and that an unregistered host may be scanned,
 * which lets a test begin with a scan.
 */
final class Targets {

    static final String REGISTER = "POST /v1/targets";
    static final String VERIFY = "POST /v1/targets/{id}/verify";

    private static final Duration VALIDITY = Duration.ofDays(30);

    private final PentifyRules rules;
    private final EffectLedger effects;
    private final Store<String, Target> targets = new Store<>(Refusal::notFound);
    private final Set<String> unverified = new HashSet<>();

    Targets(PentifyRules rules, EffectLedger effects) {
        this.rules = rules;
        this.effects = effects;
    }

    Collection<ObjectNode> all() {
        return targets.all().stream().map(this::json).toList();
    }

    SimulatedResponse register(Call call) {
        String host = Json.text(Json.requestBody(call.request()), "target");
        String id = Ids.resource("tgt_", rules.clock().millis());
        Target target = new Target(id, host, Json.timestamp(rules.clock()));
        targets.put(id, target);
        effects.enter(REGISTER, id, null);
        return Json.response(201, json(target));
    }

    SimulatedResponse verify(Call call) {
        Target target = targets.find(call.id());
        target.verifiedAt = rules.clock().instant();
        unverified.remove(target.host);
        effects.enter(VERIFY, target.id, null);
        return Json.response(200, json(target));
    }

    void markUnverified(String host) {
        unverified.add(host);
    }

    void requireVerified(String reference) {
        String host = targets.has(reference) ? targets.find(reference).host : reference;
        boolean registered = false;
        boolean verified = false;
        for (Target target : targets.all()) {
            if (target.host.equals(host)) {
                registered = true;
                verified |= isVerified(target);
            }
        }
        if (unverified.contains(host) || (registered && !verified)) {
            throw Refusal.of(rules.notVerifiedStatus(), "target_not_verified", "The target has not been verified.");
        }
    }

    private boolean isVerified(Target target) {
        Instant at = target.verifiedAt;
        return at != null
                && !unverified.contains(target.host)
                && rules.clock().instant().isBefore(at.plus(VALIDITY));
    }

    private ObjectNode json(Target target) {
        return Json.object()
                .put("id", target.id)
                .put("target", target.host)
                .put("verified", isVerified(target))
                .put("created_at", target.createdAt);
    }

    private static final class Target {
        private final String id;
        private final String host;
        private final String createdAt;
        private @Nullable Instant verifiedAt;

        Target(String id, String host, String createdAt) {
            this.id = id;
            this.host = host;
            this.createdAt = createdAt;
        }
    }
}
