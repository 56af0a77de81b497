package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pairing of a terminal (pages "terminal/commands", "terminal/login"). A poll first finds no pairing, then gets the
 * token once, then finds the pairing consumed. The member {@code token} is undocumented.
 */
final class Pairing {

    private final PentifyRules rules;
    private final Keys keys;
    private final Map<String, String> waiting = new HashMap<>();
    private final Set<String> consumed = new HashSet<>();
    private @Nullable String former;

    Pairing(PentifyRules rules, Keys keys) {
        this.rules = rules;
        this.keys = keys;
    }

    /** Issues a token and revokes the earlier one (page "terminal/login"). The simulator has one user. */
    String pair(String deviceId) {
        if (former != null) {
            keys.revoke(former);
        }
        List<String> scopes = Keys.SCOPES.stream()
                .filter(scope -> !scope.equals("webhooks:write"))
                .toList();
        String token = keys.issue(rules.personalTokenPrefix(), scopes).secret();
        former = token;
        waiting.put(deviceId, token);
        consumed.remove(deviceId);
        return token;
    }

    SimulatedResponse poll(LoggedRequest request) {
        String deviceId = request.query("device_id");
        if (deviceId == null || deviceId.isBlank()) {
            throw Refusal.invalid("device_id", "required");
        }
        if (consumed.contains(deviceId)) {
            throw Refusal.of(410, "pairing_consumed", "The pairing has been used.");
        }
        String token = waiting.remove(deviceId);
        if (token == null) {
            throw Refusal.of(404, "not_paired_yet", "The device is not paired yet.");
        }
        consumed.add(deviceId);
        return Json.response(200, Json.object().put("token", token));
    }
}
