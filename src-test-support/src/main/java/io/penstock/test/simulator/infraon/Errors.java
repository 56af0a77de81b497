package io.penstock.test.simulator.infraon;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.test.simulator.SimulatedResponse;
import tools.jackson.databind.node.ObjectNode;

/** The error envelopes, and the sample for a status that a test scripts. */
record Errors(InfraonRules rules) {

    SimulatedResponse response(Refusal refusal) {
        ObjectNode body = Json.object();
        boolean uniform = rules.has(Quirk.UNIFORM_ERRORS);
        int status = refusal.status;
        switch (refusal.form) {
            case ERROR -> body.put("error", refusal.text());
            case DETAIL -> body.put(uniform ? "error" : "detail", refusal.text());
            case FIELD -> {
                if (uniform) {
                    body.put("error", refusal.field + ": " + refusal.text());
                } else {
                    body.putArray(refusal.field).add(refusal.text());
                }
            }
            case RESULT -> {
                body.put("status", "error").put("msg", refusal.text());
                status = rules.has(Quirk.FAILED_UPDATE_IS_400) ? 400 : status;
            }
        }
        SimulatedResponse response = Json.response(status, body);
        return refusal.retryAfterSeconds == 0 || rules.has(Quirk.NO_RETRY_AFTER)
                ? response
                : response.withHeader("Retry-After", Long.toString(refusal.retryAfterSeconds));
    }

    /**
     * Returns the error for a scripted status. A status without a documented text gets its reason phrase, which is this
     * simulator's choice.
     */
    Refusal forStatus(int status) {
        return switch (status) {
            case 400 -> Refusal.missingUsername();
            case 401 -> Refusal.invalidKey();
            case 403 -> Refusal.missingKey(403);
            case 404 -> Refusal.notFound();
            case 429 -> Refusal.throttled(1);
            case 500 -> Refusal.somethingWentWrong();
            default ->
                Refusal.undocumented(status, HttpResponseStatus.valueOf(status).reasonPhrase() + ".");
        };
    }
}
