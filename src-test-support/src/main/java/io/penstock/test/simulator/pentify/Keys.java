package io.penstock.test.simulator.pentify;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The API keys of the workspace and their scopes (page "authentication"). */
final class Keys {

    static final List<String> SCOPES = List.of(
            "scans:read",
            "scans:write",
            "targets:read",
            "targets:write",
            "reports:read",
            "webhooks:write",
            "usage:read");

    private static final String BEARER = "Bearer ";

    private final Map<String, Key> keys = new HashMap<>();

    Key issue(String prefix, List<String> scopes) {
        for (String scope : scopes) {
            if (!SCOPES.contains(scope)) {
                throw new IllegalArgumentException(
                        "scope: " + scope + " (expected one of: " + String.join(", ", SCOPES) + ")");
            }
        }
        Key key = new Key(Ids.secret(prefix), Collections.unmodifiableSet(new TreeSet<>(scopes)));
        keys.put(key.secret(), key);
        return key;
    }

    void revoke(String secret) {
        keys.remove(secret);
    }

    Key authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            throw Refusal.invalidKey();
        }
        Key key = keys.get(authorization.substring(BEARER.length()));
        if (key == null) {
            throw Refusal.invalidKey();
        }
        return key;
    }

    record Key(String secret, Set<String> scopes) {
        void require(String scope) {
            if (!scopes.contains(scope)) {
                throw Refusal.missingScope(scope);
            }
        }
    }
}
