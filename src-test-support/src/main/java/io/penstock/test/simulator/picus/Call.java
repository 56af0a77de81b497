package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request on its way to an endpoint.
 *
 * @param operation method and path template
 * @param path the values of the path's placeholders
 */
record Call(LoggedRequest request, String operation, Map<String, String> path) {

    /** Returns the value of a placeholder as text. */
    String text(String placeholder) {
        return path.getOrDefault(placeholder, "");
    }

    /** Returns the value of a placeholder as an unsigned number. */
    long id(String placeholder) {
        return number(text(placeholder));
    }

    ObjectNode body() {
        return Json.requestBody(request);
    }

    @Nullable
    String query(String name) {
        return request.query(name);
    }

    /** Returns a required query parameter. */
    String required(String name) {
        String value = request.query(name);
        if (value == null || value.isEmpty()) {
            throw Refusal.required(name);
        }
        return value;
    }

    /** Returns a query parameter as an unsigned number, or the default. */
    long number(String name, long absent) {
        String value = request.query(name);
        return value == null ? absent : number(value);
    }

    private static long number(String value) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && !value.startsWith("+") && !value.startsWith("-")) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw Refusal.notANumber(value);
        }
        throw Refusal.notANumber(value);
    }
}
