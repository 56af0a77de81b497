package io.penstock.auth;

import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The exchange of a long-lived secret for a short-lived token, as data.
 *
 * @param description one line for {@code explain}, such as {@code POST v1/auth/token}
 * @param request creates the request for a token. It is sent without the scheme's credential, and again after a
 *     transient failure or when another token is needed
 * @param reader reads the token from the response, given the time of the response; throws an
 *     {@link io.penstock.error.ApiException} if there is none
 * @param renewBefore how long before its expiry a token is renewed while calls continue to use it; at most half of its
 *     lifetime; {@link Duration#ZERO} disables early renewal
 */
public record TokenExchange(
        String description,
        Function<Secret, ApiRequest<JsonNode>> request,
        BiFunction<JsonNode, Instant, AccessToken> reader,
        Duration renewBefore) {

    /**
     * Returns the exchange of client credentials (RFC 6749 §4.4). The secret of the client is {@code client_id:client_secret};
     * both are sent as a Basic credential (§2.3.1).
     * A token is renewed a minute before the end that {@code expires_in} names, or after half of its life if that comes later.
     *
     * @param path the path of the token endpoint
     * @param scopes the scopes to ask for; none leaves them to the server
     */
    public static TokenExchange clientCredentials(String path, String... scopes) {
        return OAuth2.clientCredentials(path, scopes);
    }

    /**
     * Returns the exchange of a refresh token (RFC 6749 §6), which is the secret of the client. If an answer brings another
     * refresh token, the next exchange uses that one; the one before may then be void.
     *
     * @param path the path of the token endpoint
     */
    public static TokenExchange refreshToken(String path) {
        return OAuth2.refreshToken(path);
    }
}
