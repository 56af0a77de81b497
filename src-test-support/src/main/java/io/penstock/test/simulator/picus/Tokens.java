package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.RandomText;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Refresh tokens, and the access tokens exchanged for them (page "authentication-method"). */
final class Tokens {

    private static final String BEARER = "Bearer ";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String ALPHABET = BASE64 + "+/-_=";
    private static final int LENGTH = 64;

    private final PicusRules rules;
    private final EffectLedger effects;
    private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
    private final Map<String, AccessToken> accessTokens = new HashMap<>();
    private long lastId;

    Tokens(PicusRules rules, EffectLedger effects) {
        this.rules = rules;
        this.effects = effects;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/auth/token", this::exchange),
                Route.post("/v1/auth/refresh", this::replaceRefreshToken));
    }

    /** Issues a refresh token for some operations; none for all. The names of the scopes are not published. */
    String issue(Set<String> operations) {
        Instant now = rules.clock().instant();
        RefreshToken token = new RefreshToken(
                ++lastId, RandomText.of(BASE64, LENGTH), now, now.plus(rules.refreshTokenLife()), operations);
        refreshTokens.put(token.secret(), token);
        return token.secret();
    }

    /** Issues an access token as the exchange does. */
    String access(String refreshToken) {
        return open(refreshTokens.get(refreshToken)).secret();
    }

    /** Revokes a refresh token together with its access tokens, or one access token. */
    void revoke(String token) {
        refreshTokens.remove(token);
        accessTokens.remove(token);
        accessTokens.values().removeIf(access -> access.parent().secret().equals(token));
    }

    void revokeAccessTokens() {
        accessTokens.clear();
    }

    void authenticate(Call call) {
        String header = call.request().header(rules.credentialHeader());
        if (header == null || header.isBlank()) {
            throw Refusal.emptyAuthHeader();
        }
        String secret = header.startsWith(BEARER) ? header.substring(BEARER.length()) : header;
        requireBase64(secret);
        AccessToken token = accessTokens.get(secret);
        if (!header.startsWith(BEARER)
                || token == null
                || !rules.clock().instant().isBefore(token.expiresAt())) {
            throw Refusal.unauthorized();
        }
        Set<String> operations = token.parent().operations();
        if (!operations.isEmpty() && !operations.contains(call.operation())) {
            throw Refusal.forbidden();
        }
    }

    private SimulatedResponse exchange(Call call) {
        AccessToken token = open(refreshTokens.get(Json.text(call.body(), "refresh_token")));
        ObjectNode body = Json.object().put("token", token.secret());
        Instant at = token.expiresAt();
        switch (rules.expireAt()) {
            case MILLISECONDS -> body.put("expire_at", at.toEpochMilli());
            case SECONDS -> body.put("expire_at", at.getEpochSecond());
            case SECONDS_AS_STRING -> body.put("expire_at", Long.toString(at.getEpochSecond()));
        }
        return Json.ok(body);
    }

    /**
     * Replaces a refresh token. The new one has the scope of the old one, which is undocumented, like the units of the
     * two times.
     */
    private SimulatedResponse replaceRefreshToken(Call call) {
        RefreshToken former = valid(refreshTokens.get(Json.text(call.body(), "refresh_token")));
        revoke(former.secret());
        RefreshToken token = valid(refreshTokens.get(issue(former.operations())));
        effects.enter(call.operation(), Long.toString(token.id()), null);
        ObjectNode result = Json.object()
                .put("created_at", token.createdAt().toEpochMilli())
                .put("expired_at", token.expiresAt().toEpochMilli())
                .put("id", token.id())
                .put("is_expired", false)
                .put("name", "token-" + token.id())
                .put("token", token.secret());
        if (rules.refreshResult() == RefreshResult.BODY) {
            return Json.ok(result);
        }
        SimulatedResponse answer = SimulatedResponse.empty(200);
        for (var member : result.properties()) {
            answer = answer.withHeader(member.getKey(), member.getValue().asString());
        }
        return answer;
    }

    private AccessToken open(@Nullable RefreshToken parent) {
        AccessToken token = new AccessToken(
                RandomText.of(BASE64, LENGTH),
                valid(parent),
                rules.clock().instant().plus(rules.accessTokenLife()));
        accessTokens.put(token.secret(), token);
        return token;
    }

    private RefreshToken valid(@Nullable RefreshToken token) {
        if (token == null || !rules.clock().instant().isBefore(token.expiresAt())) {
            throw Refusal.unauthorized();
        }
        return token;
    }

    private static void requireBase64(String secret) {
        for (int i = 0; i < secret.length(); i++) {
            if (ALPHABET.indexOf(secret.charAt(i)) < 0) {
                throw Refusal.illegalBase64(i);
            }
        }
    }

    private record RefreshToken(long id, String secret, Instant createdAt, Instant expiresAt, Set<String> operations) {}

    private record AccessToken(String secret, RefreshToken parent, Instant expiresAt) {}
}
