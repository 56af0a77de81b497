package io.penstock.auth;

import io.penstock.body.BodyFormat;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The exchanges of {@link TokenExchange#clientCredentials} and {@link TokenExchange#refreshToken} (RFC 6749). */
final class OAuth2 {

    private static final Duration EARLY = Duration.ofMinutes(1);

    private OAuth2() {}

    static TokenExchange clientCredentials(String path, String... scopes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (scopes.length > 0) {
            form.put("scope", String.join(" ", scopes));
        }
        return new TokenExchange(
                "POST " + path + " (client credentials)",
                secret -> token(path, form).withHeader("authorization", basic(secret)),
                OAuth2::read,
                EARLY);
    }

    static TokenExchange refreshToken(String path) {
        return new TokenExchange(
                "POST " + path + " (refresh token)",
                secret -> {
                    Map<String, String> form = new LinkedHashMap<>();
                    form.put("grant_type", "refresh_token");
                    form.put("refresh_token", secret.reveal());
                    return token(path, form);
                },
                OAuth2::read,
                EARLY);
    }

    private static ApiRequest<JsonNode> token(String path, Map<String, String> form) {
        return ApiRequest.post(path).body(form, BodyFormat.form()).idempotent();
    }

    /** Returns the credential of the client, whose parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
    private static String basic(Secret secret) {
        String text = secret.reveal();
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw ApiException.invalidRequest("secret: no colon (expected: client_id:client_secret)");
        }
        String joined = URLEncoder.encode(text.substring(0, colon), StandardCharsets.UTF_8)
                + ':'
                + URLEncoder.encode(text.substring(colon + 1), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads a successful answer (RFC 6749 §5.1). */
    private static AccessToken read(JsonNode answer, Instant receivedAt) {
        JsonNode value = answer.path("access_token");
        if (!value.isString() || value.asString().isBlank()) {
            throw new ApiException(Failure.of(
                    ErrorKind.UNDECODABLE,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "no access_token (expected: a text, as in RFC 6749 §5.1)"));
        }
        JsonNode life = answer.path("expires_in");
        AccessToken token = AccessToken.living(
                Secret.of(value.asString()), life.isValueNode() && !life.isNull() ? life.asString() : null, receivedAt);
        JsonNode next = answer.path("refresh_token");
        return next.isString() && !next.asString().isBlank() ? token.withNextSecret(Secret.of(next.asString())) : token;
    }
}
