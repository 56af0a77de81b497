package io.penstock.benchmarks.loopback;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The server and the limits for its use.
 *
 * @param base the base URI
 * @param connections the number of connections for clients that have a limit: one for each caller
 * @param trusted the file of its certificate if it speaks TLS
 */
record Target(URI base, int connections, @Nullable Path trusted) {

    static final String ACCEPT = "application/json";
    static final String TOKEN = "pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static final String AUTHORIZATION = "Bearer " + TOKEN;

    URI uri(Scenario scenario) {
        return base.resolve(scenario.path());
    }

    ConnectionProvider pool() {
        return ConnectionProvider.create("loopback", connections);
    }

    HttpClient http() {
        return HttpClient.create(pool());
    }

    /** Returns the error for a response with another status than 200. */
    static IOException unexpected(int status) {
        return new IOException("status: " + status + " (expected: 200)");
    }
}
