package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;

/**
 * An authenticated request on its way to an endpoint.
 *
 * @param id the value of {@code {id}} in the path; empty if the path has none
 */
record Call(LoggedRequest request, Keys.Key key, String id) {}
