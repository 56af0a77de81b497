package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;

/**
 * An authenticated request on its way to an endpoint.
 *
 * @param id what stands for {@code {id}} in the path; empty if nothing does
 */
record Call(LoggedRequest request, Keys.Key key, String id) {}
