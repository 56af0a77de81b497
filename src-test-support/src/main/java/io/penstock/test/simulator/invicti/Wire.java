package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What the rules say about answers of more than one resource: creations, addresses, timestamps. */
final class Wire {

    private final InvictiRules rules;

    Wire(InvictiRules rules) {
        this.rules = rules;
    }

    /**
     * A 201.
     *
     * @param documented what the operation's page shows
     * @param path where the resource is, its id in the last segment
     */
    SimulatedResponse created(Call call, CreateAnswer documented, String path, ObjectNode body) {
        CreateAnswer answer = rules.createAnswer() == CreateAnswer.AS_DOCUMENTED ? documented : rules.createAnswer();
        SimulatedResponse response =
                answer == CreateAnswer.LOCATION ? SimulatedResponse.empty(201) : Json.response(201, body);
        return answer == CreateAnswer.BODY ? response : response.withHeader("Location", address(call.request(), path));
    }

    /** The server's own address of a path under {@code /api}. */
    String address(LoggedRequest request, String path) {
        String reference = rules.basePath() + rules.dastPrefix().external(path);
        return rules.locationForm() == LocationForm.RELATIVE
                ? reference
                : "http://" + request.header("host") + reference;
    }

    /** Now, as scans and their results have it. */
    String dastNow() {
        return rules.timestampForm().dast(rules.clock().instant());
    }

    /** Now, as everything else has it. */
    String now() {
        return rules.timestampForm().platform(rules.clock().instant());
    }

    /** A constant of an importer as it is read, given as it was written. */
    String constant(String written) {
        return rules.capitalizedEnums()
                ? written.substring(0, 1).toUpperCase(Locale.ROOT) + written.substring(1)
                : written;
    }
}
