package io.penstock.transport;

import io.penstock.error.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

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
 * @param trusted the certificates to trust in place of the platform's; empty for the platform's
 */
public record ConnectionOptions(
        int maxConnections,
        int maxPending,
        Duration acquireTimeout,
        Duration connectTimeout,
        Duration tlsTimeout,
        Duration maxIdle,
        Duration maxLife,
        List<X509Certificate> trusted) {

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
        trusted = List.copyOf(trusted);
    }

    /** The wire counts in milliseconds, and connecting in an {@code int} of them. */
    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 ms to 24 days)");
        }
    }

    /** 100 connections, 1000 waiting up to 10 s; connect 5 s, TLS 10 s; idle up to 20 s, alive up to 5 min; the platform's trust store. */
    public static ConnectionOptions standard() {
        return new ConnectionOptions(
                100,
                1000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofMinutes(5),
                List.of());
    }

    /** The same options with that many connections, of which that many requests may wait. */
    public ConnectionOptions withPool(int newMaxConnections, int newMaxPending, Duration newAcquireTimeout) {
        return new ConnectionOptions(
                newMaxConnections,
                newMaxPending,
                newAcquireTimeout,
                connectTimeout,
                tlsTimeout,
                maxIdle,
                maxLife,
                trusted);
    }

    /** The same options with that much time to connect. */
    public ConnectionOptions withConnectTimeout(Duration newConnectTimeout) {
        return new ConnectionOptions(
                maxConnections, maxPending, acquireTimeout, newConnectTimeout, tlsTimeout, maxIdle, maxLife, trusted);
    }

    /** The same options with that much time for the TLS handshake. */
    public ConnectionOptions withTlsTimeout(Duration newTlsTimeout) {
        return new ConnectionOptions(
                maxConnections, maxPending, acquireTimeout, connectTimeout, newTlsTimeout, maxIdle, maxLife, trusted);
    }

    /**
     * The same options, trusting these certificates and whatever they vouch for, in place of the platform's trust store: for
     * an installation with a certificate authority of its own. The server's name is checked all the same.
     */
    public ConnectionOptions withTrusted(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw ApiException.invalidConfiguration("trusted: no certificate (expected: at least one)");
        }
        return new ConnectionOptions(
                maxConnections,
                maxPending,
                acquireTimeout,
                connectTimeout,
                tlsTimeout,
                maxIdle,
                maxLife,
                List.copyOf(certificates));
    }

    /**
     * As {@link #withTrusted(Collection)}, with the certificates of a PEM file, one or several. It reads the file at once,
     * and so it blocks.
     */
    public ConnectionOptions withTrusted(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            return withTrusted(CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList());
        } catch (IOException | CertificateException e) {
            throw ApiException.invalidConfiguration("trusted: " + pem + " cannot be read ("
                    + e.getClass().getSimpleName() + "; expected: a file of X.509 certificates in PEM form)");
        }
    }
}
