package io.penstock.benchmarks.loopback;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The server, and how it may be used.
 *
 * @param base where it is
 * @param connections how many may be open, for clients that have a limit: as many as there are callers
 * @param trusted the file of its certificate if it speaks TLS
 */
record Target(URI base, int connections, @Nullable Path trusted) {

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
