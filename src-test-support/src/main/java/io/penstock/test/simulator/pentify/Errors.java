package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.SimulatedResponse;
import tools.jackson.databind.node.ObjectNode;

/** The one error envelope (page "errors"), and the code for a status that a test scripts. */
record Errors(PentifyRules rules) {

    SimulatedResponse response(Refusal refusal, String requestId) {
        ObjectNode error = Json.object();
        error.put("code", refusal.code).put("message", refusal.getMessage());
        ObjectNode details = refusal.details;
        if (details != null) {
            error.set("details", details);
        }
        if (refusal.status != 402 || rules.requestIdInPaymentError()) {
            error.put("request_id", requestId);
        }
        ObjectNode envelope = Json.object();
        envelope.set("error", error);
        SimulatedResponse response = Json.response(refusal.status, envelope);
        return refusal.retryAfterSeconds == 0
                ? response
                : response.withHeader("Retry-After", Long.toString(refusal.retryAfterSeconds));
    }

    /**
     * Returns the error for a scripted status. A status without a documented code gets the most general code of its
     * class, which is this simulator's choice.
     */
    Refusal forStatus(int status, long balance) {
        return switch (status) {
            case 401 -> Refusal.invalidKey();
            case 402 -> Refusal.payment(balance + 1, balance);
            case 403 -> Refusal.missingScope("scans:write");
            case 404 -> Refusal.notFound();
            case 409 -> Refusal.conflict("The request conflicts with the state of the resource.");
            case 410 -> Refusal.of(410, "pairing_consumed", "The pairing has been used.");
            case 422 -> Refusal.of(422, "unprocessable", "The request cannot be processed.");
            case 429 -> Refusal.rateLimited("API key", 1);
            case 503 -> Refusal.of(503, "engine_unavailable", "The scan engine is unavailable.");
            default ->
                Refusal.of(
                        status,
                        status < 500 ? "validation_error" : rules.serverErrorCode(),
                        status < 500 ? "The request is invalid." : "Something went wrong.");
        };
    }
}
