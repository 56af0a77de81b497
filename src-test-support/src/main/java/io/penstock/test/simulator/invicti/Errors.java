package io.penstock.test.simulator.invicti;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.test.simulator.SimulatedResponse;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bodies of errors (page "s1-handle-responses"). The body of a 400, the {@code requestId} of a 500 and the
 * {@code retryAfter} of a 429 and a 503 are documented. The names of other errors are undocumented; here they are the
 * reason phrases without blanks.
 */
record Errors(InvictiRules rules) {

    SimulatedResponse response(Refusal refusal) {
        Instant now = rules.clock().instant();
        Duration wait = refusal.retryAfter;
        long seconds = wait == null ? 0 : wait.plusNanos(999_999_999).toSeconds();
        SimulatedResponse response = withBody(refusal, wait == null ? null : seconds, now);
        String header = wait == null ? null : rules.retryHint().header(seconds, now);
        return header == null ? response : response.withHeader("Retry-After", header);
    }

    /** Returns the error for a scripted status. A 400 is the literal sample. */
    Refusal forStatus(int status) {
        return switch (status) {
            case 400 -> Refusal.validation(Validation.sample());
            case 401 -> Refusal.unauthorized();
            case 403 -> Refusal.readOnly();
            case 404 -> Refusal.notFound();
            case 429, 503 -> Refusal.later(status, rules.retryAfter());
            default -> Refusal.of(status, phrase(status));
        };
    }

    private SimulatedResponse withBody(Refusal refusal, @Nullable Long retryAfter, Instant now) {
        int status = refusal.status;
        ErrorShape shape = rules.errorShape();
        boolean coded = shape == ErrorShape.CODED || shape == ErrorShape.CODED_OBJECT;
        if (refusal.details == null || coded) {
            switch (shape) {
                case EMPTY -> {
                    return SimulatedResponse.empty(status);
                }
                case EMPTY_OBJECT -> {
                    return Json.response(status, Json.object());
                }
                case TEXT -> {
                    return SimulatedResponse.text(status, "text/plain", phrase(status));
                }
                case NAMED, CODED, CODED_OBJECT -> {}
            }
        }
        ObjectNode body = coded ? coded(refusal) : named(refusal);
        if (rules.requestIdInEveryError() || (status == 500 && !coded)) {
            body.put("requestId", Ids.uuid());
        }
        if (retryAfter != null) {
            rules.retryHint().enter(body, retryAfter, now);
        }
        return Json.response(status, body);
    }

    private static ObjectNode named(Refusal refusal) {
        ArrayNode details = refusal.details;
        ObjectNode body = Json.object();
        body.put("error", details == null ? phrase(refusal.status).replace(" ", "") : "ValidationError")
                .put("message", refusal.getMessage());
        if (details != null) {
            body.set("details", details);
        }
        return body;
    }

    /** Builds the coded body. A 500 is literally the one that clients of the lineage have seen. */
    private ObjectNode coded(Refusal refusal) {
        boolean sample = refusal.status == 500;
        ObjectNode body = Json.object();
        body.put("code", refusal.status).put("reason", sample ? "boom" : refusal.getMessage());
        ArrayNode texts = Json.array();
        ObjectNode byField = Json.object();
        ArrayNode details = refusal.details;
        if (sample) {
            texts.add("x");
            byField.put("x", "x");
        } else if (details != null) {
            for (JsonNode detail : details) {
                JsonNode message = detail.get("message");
                texts.add(message);
                byField.set(detail.get("field").stringValue(), message);
            }
        }
        return body.set("details", rules.errorShape() == ErrorShape.CODED ? texts : byField);
    }

    private static String phrase(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }
}
