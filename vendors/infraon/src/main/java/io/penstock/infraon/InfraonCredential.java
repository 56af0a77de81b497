package io.penstock.infraon;

import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * The ways in which tenants accept a credential, all in the header {@code Authorization}. The guide contradicts itself
 * about them; each tenant chooses one.
 *
 * <p>For a login, the client's secret is the password. One login serves all calls that wait for it. The lifetime of a
 * token is not documented, so a token is used until the server refuses it with a 401. The client then logs in once more
 * and repeats the call once.
 */
public final class InfraonCredential {

    private static final String HEADER = "authorization";

    private InfraonCredential() {}

    /** Returns {@code Authorization: ApiKey <key>} (page "authorization"), the default. */
    public static CredentialScheme apiKey() {
        return CredentialScheme.header(HEADER, "ApiKey ");
    }

    /**
     * Returns {@code Authorization: <key>} (samples of the module pages). Use it also for a token obtained elsewhere:
     * the secret is sent unchanged and may include a scheme.
     */
    public static CredentialScheme raw() {
        return CredentialScheme.header(HEADER);
    }

    /** Returns a login at {@code /ux/api-token-auth/}, whose token is sent unchanged (public clients). */
    public static CredentialScheme login(String username) {
        return raw().exchangedBy(exchange("ux/api-token-auth/", username, password -> password));
    }

    /** Returns a login at {@code /ux/api-token/}, which takes the password in Base64 (page "authentication"). */
    public static CredentialScheme codedLogin(String username) {
        return raw().exchangedBy(exchange(
                "ux/api-token/",
                username,
                password -> Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8))));
    }

    /** Returns an exchange without an expiry: the lifetime of a token is not documented. */
    private static TokenExchange exchange(String path, String username, UnaryOperator<String> coding) {
        return new TokenExchange(
                "POST " + path,
                password -> ApiRequest.post(path)
                        .body(Map.of("username", username, "password", coding.apply(password.reveal()))),
                InfraonCredential::token,
                Duration.ZERO);
    }

    private static AccessToken token(JsonNode answer, Instant now) {
        JsonNode token = answer.path("token");
        if (!token.isString() || token.stringValue().isBlank()) {
            throw new ApiException(Failure.of(
                    ErrorKind.AUTHENTICATION,
                    Certainty.REJECTED,
                    Retryability.PERMANENT,
                    "login: the answer holds no token (expected: a text as its member \"token\")"));
        }
        return new AccessToken(Secret.of(token.stringValue()), null);
    }
}
