package io.penstock.test.simulator.invicti;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The format of an API key. The pages contradict each other; a client must not depend on it. */
public enum KeyFormat {
    /**
     * {@code eyJ0eXAi…} (page "s1-authenticate"). The claims are undocumented. Here {@code exp} lies in the past, and
     * the key is still valid because a key has no expiry (page "manage-api-key").
     */
    JWT,
    /** {@code a1b2c3d4-e5f6-…} (samples of the API pages). */
    UUID;

    String newKey() {
        return this == UUID
                ? Ids.uuid()
                : base64("{\"typ\":\"JWT\",\"alg\":\"HS256\"}") + "."
                        + base64("{\"exp\":1,\"jti\":\"" + Ids.uuid() + "\"}") + "." + base64(Ids.uuid());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
