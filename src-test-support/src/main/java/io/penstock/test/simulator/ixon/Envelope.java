package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The envelope of a success: {@code status, type, data}, and {@code moreAfter} for a list. */
final class Envelope {

    private Envelope() {}

    static SimulatedResponse of(Call call, JsonNode data) {
        return Json.response(call.operation().successStatus(), json(call, data));
    }

    /** Returns the response of an operation without declared members, DELETE included. */
    static SimulatedResponse empty(Call call) {
        return of(call, Json.object());
    }

    static ObjectNode json(Call call, JsonNode data) {
        ObjectNode envelope = Json.object();
        envelope.put("status", "success").put("type", call.operation().type()).set("data", data);
        return envelope;
    }
}
