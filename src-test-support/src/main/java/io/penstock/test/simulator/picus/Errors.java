package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.SimulatedResponse;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Error bodies in the documented shapes, and the error for a status that a test scripts. */
record Errors(PicusRules rules) {

    SimulatedResponse response(Refusal refusal, ErrorShape shape) {
        String body = Json.write(body(refusal, refusal.status == 401 ? ErrorShape.PLAIN : shape));
        return SimulatedResponse.json(refusal.status, rules.malformedErrors() ? illustration(body) : body);
    }

    /**
     * Returns the error for a scripted status. A status without a documented body gets the sample, which is this
     * simulator's choice.
     */
    Refusal forStatus(int status) {
        return switch (status) {
            case 401 -> Refusal.unauthorized();
            case 404 -> Refusal.notFound();
            case 422 -> Refusal.notANumber("abc");
            default -> Refusal.sample(status);
        };
    }

    private ObjectNode body(Refusal refusal, ErrorShape shape) {
        ObjectNode body = Json.object();
        if (shape == ErrorShape.CODED) {
            body.put("code", refusal.status);
        }
        if (refusal.errorsFirst) {
            addErrors(body, refusal.errors);
        }
        body.put("message", refusal.message());
        Integer code = refusal.code;
        if (code != null && shape != ErrorShape.CODED) {
            body.put("error_code", code);
        }
        if (!refusal.errorsFirst) {
            addErrors(body, refusal.errors);
        }
        if (shape != ErrorShape.PLAIN) {
            body.put("success", false);
        }
        return body;
    }

    private void addErrors(ObjectNode body, Map<String, String> errors) {
        if (errors.isEmpty()) {
            return;
        }
        switch (rules.errorsMember()) {
            case MAP -> errors.forEach(body.putObject("errors")::put);
            case STRING -> body.put("errors", listOfNames(errors));
            case ABSENT -> {}
        }
    }

    /** Returns the names as JSON text with a space after each comma, as in the contract's example. */
    private static String listOfNames(Map<String, String> errors) {
        ArrayNode names = Json.array();
        errors.keySet().forEach(names::add);
        return Json.write(names).replace("\",\"", "\", \"");
    }

    /** Breaks the body as the printed sample is broken. The wording of the sample's comments is not kept. */
    private static String illustration(String body) {
        return body.substring(0, body.length() - 1) + " // optional\n";
    }
}
