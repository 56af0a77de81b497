package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;

/**
 * An authenticated request on its way to an endpoint.
 *
 * @param operation method and path template, as in the ledger
 * @param values the values of the path's placeholders
 */
record Call(LoggedRequest request, Keys.Key key, String operation, Map<String, String> values) {

    /** Returns the value of {@code {id}}; empty if the path has none. */
    String id() {
        return values.getOrDefault("id", "");
    }
}
