package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API, whose endpoint runs under the organization's lock.
 *
 * @param operation method and path template
 */
record Route(String operation, String method, PathTemplate template, Function<Call, SimulatedResponse> endpoint) {

    Route(String method, String template, Function<Call, SimulatedResponse> endpoint) {
        this(method + " " + template, method, PathTemplate.of(template), endpoint);
    }

    /** Returns the values of the placeholders; {@code null} if the request does not match this route. */
    @Nullable
    Map<String, String> match(String requestMethod, String path) {
        return requestMethod.equals(method) ? template.match(path) : null;
    }
}
