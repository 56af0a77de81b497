package io.penstock.benchmarks.loopback;

import java.io.IOException;
import java.net.URI;

/**
 * The server, and how it may be used.
 *
 * @param base where it is
 * @param connections how many may be open, for clients that have a limit: as many as there are callers
 */
record Target(URI base, int connections) {

    static final String ACCEPT = "application/json";
    static final String TOKEN = "pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static final String AUTHORIZATION = "Bearer " + TOKEN;

    URI uri(Scenario scenario) {
        return base.resolve(scenario.path());
    }

    /** What an answer with another status ends in. */
    static IOException unexpected(int status) {
        return new IOException("status: " + status + " (expected: 200)");
    }
}
