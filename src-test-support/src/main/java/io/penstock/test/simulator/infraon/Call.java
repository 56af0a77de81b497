package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;

/**
 * A request on its way to an endpoint.
 *
 * @param values the values of the path's placeholders
 */
record Call(LoggedRequest request, Map<String, String> values) {

    /** Returns the value of {@code {id}}; empty if the path has none. */
    String id() {
        return value("id");
    }

    String value(String placeholder) {
        return values.getOrDefault(placeholder, "");
    }
}
