package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;

/**
 * An authenticated request on its way to an endpoint.
 *
 * @param operation method and path template, as the ledger names it
 * @param values what stands for the placeholders of the path
 */
record Call(LoggedRequest request, Keys.Key key, String operation, Map<String, String> values) {

    /** What stands for {@code {id}}. */
    String id() {
        return values.getOrDefault("id", "");
    }
}
