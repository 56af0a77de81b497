package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API keys of the organization (pages "s1-authenticate", "manage-api-key"): no scheme word, no expiry. */
final class Keys {

    private final KeyFormat format;
    private final Map<String, Key> keys = new HashMap<>();

    Keys(KeyFormat format) {
        this.format = format;
    }

    Key issue(boolean mayWrite) {
        Key key = new Key(format.newKey(), Ids.uuid(), mayWrite);
        keys.put(key.secret(), key);
        return key;
    }

    /** Issues a new key for the same user and invalidates the old one. */
    Key regenerate(String secret) {
        Key old = keys.remove(secret);
        if (old == null) {
            throw new IllegalArgumentException("key: unknown or revoked (expected: one that was issued)");
        }
        Key key = new Key(format.newKey(), old.userId(), old.mayWrite());
        keys.put(key.secret(), key);
        return key;
    }

    void revoke(String secret) {
        keys.remove(secret);
    }

    @Nullable
    Key find(LoggedRequest request) {
        String secret = request.header("x-auth");
        return secret == null ? null : keys.get(secret);
    }

    /** A key with the permissions of its user. Roles are undocumented; here a user may write or may only read. */
    record Key(String secret, String userId, boolean mayWrite) {}
}
