package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param operation method and path template
 */
record Route(String operation, String method, PathTemplate template, Endpoint endpoint) {

    Route(String method, String template, Endpoint endpoint) {
        this(method + " " + template, method, PathTemplate.of(template), endpoint);
    }

    /** Returns the values of the placeholders; {@code null} if the request does not match this route. */
    @Nullable
    Map<String, String> match(String requestMethod, String path) {
        return requestMethod.equals(method) ? template.match(path) : null;
    }

    /** The behavior of an operation. It runs under the organization's lock. */
    interface Endpoint {
        SimulatedResponse answer(Call call);
    }
}
