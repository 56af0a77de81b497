package io.penstock.test.simulator.invicti;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * A request that the API refuses, with a status of the page "s1-handle-responses". Only the message of a 400 is
 * documented.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int status;
    final transient @Nullable ArrayNode details;
    final @Nullable Duration retryAfter;

    private Refusal(int status, String message, @Nullable ArrayNode details, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.details = details;
        this.retryAfter = retryAfter;
    }

    static Refusal of(int status, String message) {
        return new Refusal(status, message, null, null);
    }

    /** Returns a 400 with the literal message of the sample. */
    static Refusal validation(ArrayNode details) {
        return new Refusal(400, "Request validation failed", details, null);
    }

    /** Returns a 400 without a known code: a detail without {@code code}, which is this simulator's choice. */
    static Refusal invalid(String field, String message) {
        ArrayNode details = Json.array();
        details.addObject().put("field", field).put("message", message);
        return validation(details);
    }

    static Refusal unauthorized() {
        return of(401, "The API key is missing or unknown");
    }

    static Refusal notAllowed() {
        return of(403, "The IP address is not on the allow-list");
    }

    static Refusal readOnly() {
        return of(403, "The user of the API key may not do this");
    }

    static Refusal notFound() {
        return of(404, "No such resource");
    }

    /** Returns a refusal with a retry hint. */
    static Refusal later(int status, Duration retryAfter) {
        return new Refusal(
                status, status == 429 ? "Too many requests" : "The service is unavailable", null, retryAfter);
    }
}
