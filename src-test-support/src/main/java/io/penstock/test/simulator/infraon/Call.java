package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;

/**
 * A request on its way to an endpoint.
 *
 * @param values what stands for the placeholders of the path
 */
record Call(LoggedRequest request, Map<String, String> values) {

    /** What stands for {@code {id}}; empty if nothing does. */
    String id() {
        return value("id");
    }

    String value(String placeholder) {
        return values.getOrDefault(placeholder, "");
    }
}
