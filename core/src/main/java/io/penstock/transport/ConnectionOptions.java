package io.penstock.transport;

import io.penstock.ApiException;
import java.time.Duration;

/**
 * How connections are made and kept.
 *
 * @param maxConnections how many to one origin
 * @param maxPending how many requests may wait for one
 * @param acquireTimeout how long one may wait
 * @param connectTimeout how long connecting may take
 * @param tlsTimeout how long the TLS handshake may take
 * @param maxIdle how long an unused connection is kept: less than a server keeps it, so that it is not found dead
 * @param maxLife how long any connection is kept, so that a change of address is noticed
 */
public record ConnectionOptions(
        int maxConnections,
        int maxPending,
        Duration acquireTimeout,
        Duration connectTimeout,
        Duration tlsTimeout,
        Duration maxIdle,
        Duration maxLife) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public ConnectionOptions {
        if (maxConnections < 1 || maxPending < 0) {
            throw ApiException.invalidConfiguration(
                    "maxConnections: " + maxConnections + ", maxPending: " + maxPending + " (expected: >= 1 and >= 0)");
        }
        check("acquireTimeout", acquireTimeout);
        check("connectTimeout", connectTimeout);
        check("tlsTimeout", tlsTimeout);
        check("maxIdle", maxIdle);
        check("maxLife", maxLife);
    }

    /** The wire counts in milliseconds, and connecting in an {@code int} of them. */
    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 ms to 24 days)");
        }
    }

    /** 100 connections, 1000 waiting up to 10 s; connect 5 s, TLS 10 s; idle up to 20 s, alive up to 5 min. */
    public static ConnectionOptions standard() {
        return new ConnectionOptions(
                100,
                1000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofMinutes(5));
    }

    /** The same options with that many connections, of which that many requests may wait. */
    public ConnectionOptions withPool(int newMaxConnections, int newMaxPending, Duration newAcquireTimeout) {
        return new ConnectionOptions(
                newMaxConnections, newMaxPending, newAcquireTimeout, connectTimeout, tlsTimeout, maxIdle, maxLife);
    }

    /** The same options with that much time to connect. */
    public ConnectionOptions withConnectTimeout(Duration newConnectTimeout) {
        return new ConnectionOptions(
                maxConnections, maxPending, acquireTimeout, newConnectTimeout, tlsTimeout, maxIdle, maxLife);
    }
}
