package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The error envelope (page "common-errors"), and a substitute where no body is documented. */
record Errors(IxonErrors errors, IxonLimits limits) {

    SimulatedResponse response(Refusal refusal) {
        return switch (refusal.kind) {
            case AUTHENTICATION -> refused(errors.authenticationStatus(), refusal.items);
            case VALIDATION -> refused(errors.validationStatus(), refusal.items);
            case NOT_FOUND -> refused(errors.notFoundStatus(), refusal.items);
            case RATE_LIMITED -> rateLimited(refusal);
            case TIMED_OUT -> undocumented(504, errors.serverErrorBody(), refusal.items);
        };
    }

    /**
     * Returns the error for a scripted status. A status that implies no particular error gets {@code Invalid value},
     * without a property.
     */
    SimulatedResponse forStatus(int status) {
        return switch (status) {
            case 401 -> envelope(401, Refusal.authorization(Refusal.INVALID).items);
            case 404 -> envelope(404, Refusal.notFound(null).items);
            case 429 -> rateLimited(Refusal.rateLimited(limits.block().toMillis()));
            default ->
                status < 500
                        ? envelope(status, List.of(Refusal.Item.of(Refusal.INVALID)))
                        : undocumented(status, errors.serverErrorBody(), List.of(Refusal.Item.of("Server error")));
        };
    }

    private SimulatedResponse refused(int status, List<Refusal.Item> items) {
        return envelope(errors.withStatus200() ? 200 : status, items);
    }

    private SimulatedResponse rateLimited(Refusal refusal) {
        SimulatedResponse response = undocumented(429, limits.body(), refusal.items);
        long seconds = (refusal.waitMillis + 999) / 1_000;
        return limits.retryAfter() ? response.withHeader("Retry-After", Long.toString(seconds)) : response;
    }

    private SimulatedResponse undocumented(int status, UndocumentedBody body, List<Refusal.Item> items) {
        return switch (body) {
            case ENVELOPE -> envelope(status, items);
            case HTML ->
                SimulatedResponse.text(
                        status,
                        "text/html; charset=utf-8",
                        "<html><head><title>" + status + "</title></head><body>" + status + "</body></html>\n");
            case EMPTY -> SimulatedResponse.empty(status);
        };
    }

    private SimulatedResponse envelope(int status, List<Refusal.Item> items) {
        ArrayNode data = Json.array();
        items.forEach(item -> data.add(json(item)));
        ObjectNode envelope = Json.object();
        switch (shape(items)) {
            case TYPE_FIRST -> {
                envelope.put("type", "Error").set("data", data);
                envelope.putNull("moreAfter").put("status", "error");
            }
            case CONTRACT -> {
                envelope.put("type", "Error").set("data", data);
                envelope.put("status", "error");
            }
            default -> {
                envelope.set("data", data);
                envelope.putNull("moreAfter").put("status", "error").put("type", "Error");
            }
        }
        return Json.response(status, envelope);
    }

    private ErrorShape shape(List<Refusal.Item> items) {
        if (errors.shape() != ErrorShape.SAMPLES) {
            return errors.shape();
        }
        return items.get(0).message().equals(Refusal.TWO_FACTOR) ? ErrorShape.TYPE_FIRST : ErrorShape.DATA_FIRST;
    }

    private ObjectNode json(Refusal.Item item) {
        ObjectNode json = Json.object().put("message", item.message());
        String property = item.propertyName();
        if (property != null && (errors.authorizationNamed() || !property.equals(Refusal.AUTHORIZATION))) {
            json.put("propertyName", property);
        }
        if (item.listIndex() != null) {
            json.put("listIndex", item.listIndex());
        }
        return json;
    }
}
