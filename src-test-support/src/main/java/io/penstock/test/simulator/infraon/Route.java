package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;

/**
 * One operation of the API.
 *
 * @param template the path, with its trailing slash
 */
record Route(String method, PathTemplate template, Endpoint endpoint) {

    Route(String method, String template, Endpoint endpoint) {
        this(method, PathTemplate.of(template), endpoint);
    }

    /** The behavior of an operation. It runs under the tenant's lock. */
    interface Endpoint {
        SimulatedResponse answer(Call call);
    }
}
