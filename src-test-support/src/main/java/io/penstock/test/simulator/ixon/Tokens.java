package io.penstock.test.simulator.ixon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Bearer tokens of persons and of service accounts. A token is valid while its row exists and until it expires. */
final class Tokens {

    /** The place of the tokens of persons, which belong to no company. */
    static final String PLACE = "/access-tokens";

    private static final Pattern ALPHANUMERIC = Pattern.compile("[0-9A-Za-z]+");

    private final Rows rows;
    private final Clock clock;
    private final Map<String, Token> tokens = new HashMap<>();

    Tokens(IxonRules rules, Rows rows) {
        this.rows = rows;
        this.clock = rules.clock();
    }

    /** Issues a person's token. */
    Token issue(Duration life) {
        Instant expiresOn = clock.instant().plus(life);
        String publicId = Ids.resource();
        rows.add(PLACE, publicId, Json.object().put("expiresOn", Json.timestamp(expiresOn)));
        return keep(new Token(Ids.secret(), PLACE, publicId, expiresOn, null));
    }

    /** Issues a service account's token, which never expires and works only together with its application. */
    Token issue(String place, String name, String application) {
        String publicId = Ids.resource();
        ObjectNode row = Json.object().put("name", name);
        row.set("apiApplication", Json.reference(application));
        rows.add(place, publicId, row);
        return keep(new Token(Ids.secret(), place, publicId, null, application));
    }

    /** Revokes a token. An unknown one is ignored. */
    void revoke(String secret) {
        Token token = tokens.remove(secret);
        if (token != null) {
            rows.remove(token.place(), token.publicId());
        }
    }

    /**
     * Returns the valid token. The meaning of each message beyond its words, and the order of the checks, are
     * undocumented.
     */
    Token authenticate(String secret, @Nullable String application) {
        if (secret.length() < Ids.SECRET_LENGTH) {
            throw Refusal.authorization(Refusal.TOO_SHORT);
        }
        if (secret.length() > Ids.SECRET_LENGTH) {
            throw Refusal.authorization(Refusal.TOO_LONG);
        }
        if (!ALPHANUMERIC.matcher(secret).matches()) {
            throw Refusal.authorization(Refusal.MALFORMED);
        }
        Token token = tokens.get(secret);
        if (token == null || !isValid(token) || !token.worksWith(application)) {
            throw Refusal.authorization(Refusal.INVALID);
        }
        return token;
    }

    private boolean isValid(Token token) {
        Instant end = token.expiresOn();
        return rows.find(token.place(), token.publicId()) != null
                && (end == null || clock.instant().isBefore(end));
    }

    private Token keep(Token token) {
        tokens.put(token.secret(), token);
        return token;
    }

    /**
     * A token and the place of its row.
     *
     * @param expiresOn {@code null} for never
     * @param application the only application with which it works; {@code null} for any
     */
    record Token(
            String secret,
            String place,
            String publicId,
            @Nullable Instant expiresOn,
            @Nullable String application) {
        boolean worksWith(@Nullable String used) {
            return application == null || application.equals(used);
        }
    }
}
