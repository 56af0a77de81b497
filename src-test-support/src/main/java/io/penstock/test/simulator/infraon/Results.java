package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.SimulatedResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The responses of successful operations. The texts are undocumented. */
record Results(InfraonRules rules) {

    /**
     * Returns a 201 with or without a body.
     *
     * @param documentedEmpty whether the guide says that this resource has no body
     */
    SimulatedResponse created(JsonNode id, ObjectNode data, boolean documentedEmpty) {
        boolean empty = switch (rules.createdBody()) {
            case BY_RESOURCE -> documentedEmpty;
            case EMPTY -> true;
            case RESULT -> false;
        };
        return empty ? SimulatedResponse.empty(201) : Json.response(201, result(id, "Created successfully.", data));
    }

    SimulatedResponse updated(JsonNode id) {
        return rules.has(Quirk.EMPTY_UPDATES) ? SimulatedResponse.empty(200) : done(id, "Updated successfully.");
    }

    SimulatedResponse done(JsonNode id, String text) {
        return Json.response(200, result(id, text, null));
    }

    SimulatedResponse deleted() {
        return SimulatedResponse.empty(rules.has(Quirk.DELETE_IS_200) ? 200 : 204);
    }

    /** Returns the generic sample of a success. */
    static ObjectNode success() {
        return Json.object().put("status", "success");
    }

    private ObjectNode result(JsonNode id, String text, @Nullable ObjectNode data) {
        ObjectNode result = success();
        result.set("id", id);
        switch (rules.resultMessage()) {
            case BOTH -> result.put("message", text).put("msg", text);
            case MESSAGE -> result.put("message", text);
            case MSG -> result.put("msg", text);
            case MSG_BEHIND_BLANK_MESSAGE -> result.put("message", "").put("msg", text);
        }
        if (data != null) {
            result.set("data", data);
        }
        return result;
    }
}
