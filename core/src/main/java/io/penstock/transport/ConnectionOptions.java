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
 * Options for connections.
 *
 * @param pool the pool of connections
 * @param connectTimeout the maximum time to connect, and then the maximum time until a proxy has opened its tunnel
 * @param tls the encryption of connections
 * @param proxy the proxies
 */
public record ConnectionOptions(Pool pool, Duration connectTimeout, Tls tls, ProxyOptions proxy) {

    /**
     * The pool of connections.
     *
     * @param maxConnections the maximum number of connections to one origin
     * @param maxPending the maximum number of requests that wait for a connection
     * @param acquireTimeout the maximum time that a request waits for a connection
     * @param maxIdle how long an unused connection is kept; it should be shorter than the server keeps it, to avoid
     *     reusing a dead connection
     * @param maxLife how long any connection is kept, so that a change of address is noticed
     */
    public record Pool(
            int maxConnections, int maxPending, Duration acquireTimeout, Duration maxIdle, Duration maxLife) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Pool {
            if (maxConnections < 1 || maxPending < 0) {
                throw ApiException.invalidConfiguration("maxConnections: " + maxConnections + ", maxPending: "
                        + maxPending + " (expected: >= 1 and >= 0)");
            }
            check("acquireTimeout", acquireTimeout);
            check("maxIdle", maxIdle);
            check("maxLife", maxLife);
        }
    }

    /**
     * The encryption of connections.
     *
     * @param tlsTimeout the maximum time for the TLS handshake
     * @param trusted the certificates to trust in place of the platform's; empty for the platform's
     */
    public record Tls(Duration tlsTimeout, List<X509Certificate> trusted) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Tls {
            check("tlsTimeout", tlsTimeout);
            trusted = List.copyOf(trusted);
        }
    }

    /**
     * Checks the values.
     *
     * @throws ApiException INVALID_CONFIGURATION if one is out of range
     */
    public ConnectionOptions {
        check("connectTimeout", connectTimeout);
    }

    /** Checks the range: the transport counts in milliseconds, and the connect timeout is an {@code int} of them. */
    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 ms to 24 days)");
        }
    }

    /**
     * Returns the defaults: 100 connections, 1000 requests waiting up to 10 s; connect 5 s, TLS 10 s; idle up to 20 s,
     * alive up to 5 min; the platform's trust store; the proxies of the system properties at this moment.
     *
     * @throws ApiException INVALID_CONFIGURATION if a system property for a proxy cannot be used
     */
    public static ConnectionOptions standard() {
        Pool pool = new Pool(100, 1000, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(5));
        Tls tls = new Tls(Duration.ofSeconds(10), List.of());
        return new ConnectionOptions(pool, Duration.ofSeconds(5), tls, ProxyOptions.ofSystemProperties());
    }

    /** Returns a copy with another pool: its connections, the requests that may wait for one, and for how long. */
    public ConnectionOptions withPool(int newMaxConnections, int newMaxPending, Duration newAcquireTimeout) {
        return with(new Pool(newMaxConnections, newMaxPending, newAcquireTimeout, pool.maxIdle, pool.maxLife));
    }

    private ConnectionOptions with(Pool newPool) {
        return new ConnectionOptions(newPool, connectTimeout, tls, proxy);
    }

    private ConnectionOptions with(Tls newTls) {
        return new ConnectionOptions(pool, connectTimeout, newTls, proxy);
    }

    /** Returns a copy with another connect timeout. */
    public ConnectionOptions withConnectTimeout(Duration newConnectTimeout) {
        return new ConnectionOptions(pool, newConnectTimeout, tls, proxy);
    }

    /** Returns a copy with another timeout for the TLS handshake. */
    public ConnectionOptions withTlsTimeout(Duration newTlsTimeout) {
        return with(new Tls(newTlsTimeout, tls.trusted));
    }

    /** Returns a copy with other proxies; {@link ProxyOptions#none()} for none, whatever the system properties say. */
    public ConnectionOptions withProxy(ProxyOptions newProxy) {
        return new ConnectionOptions(pool, connectTimeout, tls, newProxy);
    }

    /**
     * Returns a copy that trusts these certificates and those that they issue, in place of the platform's trust store:
     * for an installation with its own certificate authority. The server's name is still verified.
     */
    public ConnectionOptions withTrusted(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw ApiException.invalidConfiguration("trusted: no certificate (expected: at least one)");
        }
        return with(new Tls(tls.tlsTimeout, List.copyOf(certificates)));
    }

    /**
     * Returns a copy that trusts the certificates of a PEM file, one or several, as {@link #withTrusted(Collection)}.
     * It reads the file immediately, and so blocks.
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
