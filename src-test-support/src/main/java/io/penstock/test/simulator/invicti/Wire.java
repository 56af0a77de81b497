package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** The rules for responses of more than one resource: creations, addresses, timestamps. */
record Wire(InvictiRules rules) {

    /**
     * Returns a 201.
     *
     * @param documented the content on the operation's page
     * @param path the path of the resource, with its id in the last segment
     */
    SimulatedResponse created(Call call, CreateAnswer documented, String path, ObjectNode body) {
        CreateAnswer answer = rules.createAnswer() == CreateAnswer.AS_DOCUMENTED ? documented : rules.createAnswer();
        SimulatedResponse response =
                answer == CreateAnswer.LOCATION ? SimulatedResponse.empty(201) : Json.response(201, body);
        return answer == CreateAnswer.BODY ? response : response.withHeader("Location", address(call.request(), path));
    }

    /** Returns the server's own address of a path under {@code /api}. */
    String address(LoggedRequest request, String path) {
        String reference = rules.basePath() + rules.dastPrefix().external(path);
        return rules.locationForm() == LocationForm.RELATIVE
                ? reference
                : "http://" + request.header("host") + reference;
    }

    /** Returns the current time in the form of scans and their results. */
    String dastNow() {
        return rules.timestampForm().dast(rules.clock().instant());
    }

    /** Returns the current time in the form of all other resources. */
    String now() {
        return rules.timestampForm().platform(rules.clock().instant());
    }

    /** Returns the wire form of an importer's constant from the form in which it was written. */
    String constant(String written) {
        return rules.capitalizedEnums()
                ? written.substring(0, 1).toUpperCase(Locale.ROOT) + written.substring(1)
                : written;
    }
}
