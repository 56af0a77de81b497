package io.penstock.test.simulator.pentify;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request that the API refuses, with the status and the stable code of the page "errors". The messages on that page
 * are only examples, and the members of {@code details} depend on the endpoint.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int status;
    final String code;
    final transient @Nullable ObjectNode details;
    /** In whole seconds; 0 for no hint. */
    final long retryAfterSeconds;

    private Refusal(int status, String code, String message, @Nullable ObjectNode details, long retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, null, 0);
    }

    /** Returns a 400. The members {@code field} and {@code reason} are undocumented. */
    static Refusal invalid(String field, String reason) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("field", field).put("reason", reason);
        return new Refusal(400, "validation_error", "The request is invalid.", details, 0);
    }

    static Refusal invalidKey() {
        return of(401, "invalid_api_key", "The API key is missing, unknown or revoked.");
    }

    /** Returns the literal sample of the page "tokens-and-pricing" with the numbers of this workspace. */
    static Refusal payment(long required, long balance) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("required", required)
                .put("balance", balance)
                .put("top_up_url", "https://app.pentify.io/settings/billing/token-packs");
        return new Refusal(
                402, "insufficient_tokens", "Workspace token balance is below the required cost.", details, 0);
    }

    static Refusal missingScope(String scope) {
        return of(403, "insufficient_scope", "The API key lacks the scope " + scope + ".");
    }

    static Refusal notFound() {
        return of(404, "not_found", "No such resource, or not visible to this API key.");
    }

    static Refusal conflict(String message) {
        return of(409, "conflict", message);
    }

    /** Returns a 429. The message for a key is the literal sample of the page "rate-limits". */
    static Refusal rateLimited(String subject, long retryAfterSeconds) {
        return new Refusal(
                429, "rate_limited", "Rate limit exceeded for this " + subject + ".", null, retryAfterSeconds);
    }
}
