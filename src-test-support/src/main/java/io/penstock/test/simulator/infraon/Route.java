package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.function.Function;

/**
 * One operation of the API, whose endpoint runs under the tenant's lock.
 *
 * @param template the path, with its trailing slash
 */
record Route(String method, PathTemplate template, Function<Call, SimulatedResponse> endpoint) {

    Route(String method, String template, Function<Call, SimulatedResponse> endpoint) {
        this(method, PathTemplate.of(template), endpoint);
    }
}
