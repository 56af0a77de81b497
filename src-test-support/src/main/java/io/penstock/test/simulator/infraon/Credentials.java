package io.penstock.test.simulator.infraon;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tenant's API keys, its one user, and the tokens of its logins. It is undocumented that a login leaves earlier
 * tokens valid.
 */
final class Credentials {

    static final String USERNAME = "operator";

    private static final String SCHEME = "ApiKey";

    private final InfraonRules rules;
    private final String password = Ids.secret();
    private final Map<String, Instant> keys = new HashMap<>();
    private final Map<String, Instant> tokens = new HashMap<>();

    Credentials(InfraonRules rules) {
        this.rules = rules;
    }

    String password() {
        return password;
    }

    String issueKey() {
        return issueKey(Instant.MAX);
    }

    String issueKey(Duration lifetime) {
        return issueKey(rules.clock().instant().plus(lifetime));
    }

    private String issueKey(Instant end) {
        String key = Ids.secret();
        keys.put(key, end);
        return key;
    }

    void revoke(String credential) {
        keys.remove(credential);
        tokens.remove(credential);
    }

    void revokeTokens() {
        tokens.clear();
    }

    /** Returns the key or token of the header, if it is valid. */
    String authenticate(@Nullable String authorization) {
        String value = authorization == null ? "" : authorization.strip();
        if (value.isEmpty() || value.equals(SCHEME)) {
            throw Refusal.missingKey(rules.has(Quirk.MISSING_KEY_IS_401) ? 401 : 403);
        }
        if (isLive(tokens, value)) {
            return value;
        }
        String key = key(value);
        if (key == null || !isLive(keys, key)) {
            throw Refusal.invalidKey();
        }
        return key;
    }

    private @Nullable String key(String value) {
        String inScheme = value.startsWith(SCHEME + " ")
                ? value.substring(SCHEME.length()).strip()
                : null;
        return switch (rules.keyForm()) {
            case SCHEME -> inScheme;
            case RAW -> value;
            case EITHER -> inScheme == null ? value : inScheme;
        };
    }

    private boolean isLive(Map<String, Instant> credentials, String credential) {
        Instant end = credentials.get(credential);
        return end != null && rules.clock().instant().isBefore(end);
    }

    /** Answers {@code POST /ux/api-token-auth/}. */
    SimulatedResponse login(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        return login(username(body), password(body));
    }

    /** Answers {@code POST /ux/api-token/}, whose password is in Base64 (page "authentication"). */
    SimulatedResponse codedLogin(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        String username = username(body);
        try {
            byte[] decoded = Base64.getDecoder().decode(password(body));
            return login(username, new String(decoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw Refusal.incorrectLogin(rules.incorrectLoginStatus());
        }
    }

    private SimulatedResponse login(String username, String password) {
        if (!username.equals(USERNAME) || !password.equals(this.password)) {
            throw Refusal.incorrectLogin(rules.incorrectLoginStatus());
        }
        if (rules.has(Quirk.LOGIN_WITHOUT_TOKEN)) {
            return Json.response(200, Results.success());
        }
        String token = rules.tokenPrefix() + Ids.secret();
        tokens.put(token, rules.clock().instant().plus(rules.tokenLifetime()));
        return Json.response(200, Json.object().put("token", token));
    }

    /**
     * Answers {@code POST /ux/password_js_encrypt/}. The form as the request body is documented. The name
     * {@code password} in the request and the response is not, nor is the cipher; Base64 of the reversed text takes its
     * place.
     */
    static SimulatedResponse encrypt(Call call) {
        List<String> values = form(call.request().body()).getOrDefault("password", List.of());
        if (values.isEmpty() || values.get(0).isBlank()) {
            throw Refusal.missingPassword();
        }
        byte[] reversed = new StringBuilder(values.get(0)).reverse().toString().getBytes(StandardCharsets.UTF_8);
        return Json.response(
                200, Json.object().put("password", Base64.getEncoder().encodeToString(reversed)));
    }

    private static Map<String, List<String>> form(String body) {
        try {
            return new QueryStringDecoder(body, false).parameters();
        } catch (IllegalArgumentException e) {
            throw Refusal.undocumented(400, "Malformed form.");
        }
    }

    private static String username(ObjectNode body) {
        String username = given(body, "username");
        if (username.isBlank()) {
            throw Refusal.missingUsername();
        }
        return username;
    }

    private static String password(ObjectNode body) {
        String password = given(body, "password");
        if (password.isBlank()) {
            throw Refusal.missingPassword();
        }
        return password;
    }

    private static String given(ObjectNode body, String member) {
        JsonNode value = body.get(member);
        return value != null && value.isString() ? value.stringValue() : "";
    }
}
