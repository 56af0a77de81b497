package io.penstock.transport;

import io.penstock.error.ApiException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Options for connections.
 *
 * @param pool the pool of connections
 * @param opening how connections are opened
 * @param tls the encryption of connections
 * @param proxy the proxies
 * @param http the versions of HTTP, and limits of HTTP/2
 */
public record ConnectionOptions(Pool pool, Opening opening, Tls tls, ProxyOptions proxy, Http http) {

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
     * How connections are opened.
     *
     * @param connectTimeout the maximum time to connect, and then the maximum time until a proxy has opened its tunnel, and
     *     until a server of HTTP/2 has sent its SETTINGS
     * @param resolver the source of addresses; null for DNS
     */
    public record Opening(Duration connectTimeout, @Nullable HostResolver resolver) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Opening {
            check("connectTimeout", connectTimeout);
        }
    }

    /**
     * The encryption of connections.
     *
     * @param tlsTimeout the maximum time for the TLS handshake
     * @param trusted the certificates to trust in place of the platform's; empty for the platform's
     * @param clientCertificate the certificate for servers that ask for one; null for none
     * @param protocols the versions of TLS, such as {@code TLSv1.3}; empty for the platform's
     * @param ciphers the cipher suites, by their names in the JDK, the preferred ones first; empty for the platform's
     */
    public record Tls(
            Duration tlsTimeout,
            List<X509Certificate> trusted,
            @Nullable ClientCertificate clientCertificate,
            List<String> protocols,
            List<String> ciphers) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Tls {
            check("tlsTimeout", tlsTimeout);
            trusted = List.copyOf(trusted);
            protocols = List.copyOf(protocols);
            ciphers = List.copyOf(ciphers);
        }
    }

    /** The versions of HTTP to speak. */
    public enum HttpVersion {
        /** HTTP/1.1, one request at a time on each connection. */
        HTTP_1_1,
        /**
         * HTTP/2, many requests at a time on one connection: with {@code https} as agreed by ALPN (RFC 9113 §3.2), with
         * {@code http} by prior knowledge (RFC 9113 §3.3). A server that does not speak it fails calls with
         * {@code TLS} or {@code CONNECT}, {@code NOT_SENT}.
         */
        HTTP_2,
        /** HTTP/2 with servers that choose it by ALPN, and HTTP/1.1 with all others and with {@code http}. */
        NEGOTIATED
    }

    /**
     * The versions of HTTP, and limits of HTTP/2.
     *
     * @param version the versions to speak
     * @param maxStreams the maximum number of requests at a time on one connection of HTTP/2; a server that allows fewer
     *     gets no more than that (RFC 9113 §6.5.2)
     * @param pingAfter the time after which a silent connection of HTTP/2 with requests under way is tested by a PING; it
     *     is closed if nothing has arrived after the same time again
     */
    public record Http(HttpVersion version, int maxStreams, Duration pingAfter) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Http {
            if (maxStreams < 1 || maxStreams > 10_000) {
                throw ApiException.invalidConfiguration("maxStreams: " + maxStreams + " (expected: 1 to 10000)");
            }
            check("pingAfter", pingAfter);
        }
    }

    /** A source of the addresses of hosts, in place of DNS: such as a registry of services, or a fixed table in a test. */
    @FunctionalInterface
    public interface HostResolver {

        /**
         * Returns the addresses of a host, in the order in which they are tried until one accepts a connection. An error, an
         * empty list, or no answer within the connect timeout fails the attempt with {@code CONNECT} and {@code NOT_SENT}.
         *
         * <p>It is asked for each new connection, and so may keep what it knows for a while. It is called and subscribed to
         * on an event loop, and must not block. It is not asked for addresses. With a proxy it is asked for the proxy's host
         * only. It is cancelled if the time is over.
         *
         * @param host the name, in lower case
         */
        Mono<List<InetAddress>> resolve(String host);
    }

    /** Returns the maximum time to connect. */
    public Duration connectTimeout() {
        return opening.connectTimeout;
    }

    /** Returns the source of addresses, or null for DNS. */
    public @Nullable HostResolver resolver() {
        return opening.resolver;
    }

    /** Checks the range: the transport counts in milliseconds, and the connect timeout is an {@code int} of them. */
    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 ms to 24 days)");
        }
    }

    /**
     * Returns the defaults: 100 connections, 1000 requests waiting up to 10 s; connect 5 s, TLS 10 s; idle up to 20 s,
     * alive up to 5 min; the platform's trust store; the proxies of the system properties at this moment; HTTP/1.1, and
     * with HTTP/2 100 requests at a time on a connection, and a PING after 10 s.
     *
     * @throws ApiException INVALID_CONFIGURATION if a system property for a proxy cannot be used
     */
    public static ConnectionOptions standard() {
        Pool pool = new Pool(100, 1000, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(5));
        Tls tls = new Tls(Duration.ofSeconds(10), List.of(), null, List.of(), List.of());
        Http http = new Http(HttpVersion.HTTP_1_1, 100, Duration.ofSeconds(10));
        return new ConnectionOptions(
                pool, new Opening(Duration.ofSeconds(5), null), tls, ProxyOptions.ofSystemProperties(), http);
    }

    /** Returns a copy with another pool: its connections, the requests that may wait for one, and for how long. */
    public ConnectionOptions withPool(int newMaxConnections, int newMaxPending, Duration newAcquireTimeout) {
        return with(new Pool(newMaxConnections, newMaxPending, newAcquireTimeout, pool.maxIdle, pool.maxLife));
    }

    /**
     * Returns a copy that closes connections that were unused for this long. It should be shorter than the server keeps
     * them, because a request that meets a closing connection may be lost.
     */
    public ConnectionOptions withMaxIdle(Duration newMaxIdle) {
        return with(new Pool(pool.maxConnections, pool.maxPending, pool.acquireTimeout, newMaxIdle, pool.maxLife));
    }

    /**
     * Returns a copy that closes connections of this age once they are free, each up to a tenth earlier, so that not all
     * of them end at once. A changed address of the server is noticed after that.
     */
    public ConnectionOptions withMaxLife(Duration newMaxLife) {
        return with(new Pool(pool.maxConnections, pool.maxPending, pool.acquireTimeout, pool.maxIdle, newMaxLife));
    }

    /** Returns a copy that asks another source for the addresses of hosts than DNS. */
    public ConnectionOptions withResolver(HostResolver newResolver) {
        return with(new Opening(opening.connectTimeout, newResolver));
    }

    /** Returns a copy that speaks these versions of HTTP. */
    public ConnectionOptions withHttp(HttpVersion newVersion) {
        return with(new Http(newVersion, http.maxStreams, http.pingAfter));
    }

    /**
     * Returns a copy with other limits of HTTP/2: the requests at a time on one connection, and the silence after which
     * a PING tests it.
     */
    public ConnectionOptions withHttp2Limits(int newMaxStreams, Duration newPingAfter) {
        return with(new Http(http.version, newMaxStreams, newPingAfter));
    }

    private ConnectionOptions with(Http newHttp) {
        return new ConnectionOptions(pool, opening, tls, proxy, newHttp);
    }

    private ConnectionOptions with(Opening newOpening) {
        return new ConnectionOptions(pool, newOpening, tls, proxy, http);
    }

    private ConnectionOptions with(Pool newPool) {
        return new ConnectionOptions(newPool, opening, tls, proxy, http);
    }

    private ConnectionOptions with(Tls newTls) {
        return new ConnectionOptions(pool, opening, newTls, proxy, http);
    }

    /** Returns a copy with another connect timeout. */
    public ConnectionOptions withConnectTimeout(Duration newConnectTimeout) {
        return with(new Opening(newConnectTimeout, opening.resolver));
    }

    /** Returns a copy with another timeout for the TLS handshake. */
    public ConnectionOptions withTlsTimeout(Duration newTlsTimeout) {
        return with(new Tls(newTlsTimeout, tls.trusted, tls.clientCertificate, tls.protocols, tls.ciphers));
    }

    /** Returns a copy with other proxies; {@link ProxyOptions#none()} for none, whatever the system properties say. */
    public ConnectionOptions withProxy(ProxyOptions newProxy) {
        return new ConnectionOptions(pool, opening, tls, newProxy, http);
    }

    /**
     * Returns a copy that trusts these certificates and those that they issue, in place of the platform's trust store:
     * for an installation with its own certificate authority. The server's name is still verified.
     */
    public ConnectionOptions withTrusted(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw ApiException.invalidConfiguration("trusted: no certificate (expected: at least one)");
        }
        List<X509Certificate> copy = List.copyOf(certificates);
        return with(new Tls(tls.tlsTimeout, copy, tls.clientCertificate, tls.protocols, tls.ciphers));
    }

    /**
     * Returns a copy that trusts the certificates of a PEM file, one or several, as {@link #withTrusted(Collection)}.
     * It reads the file immediately, and so blocks.
     *
     * @throws ApiException INVALID_CONFIGURATION if it cannot be read, has no certificate, or breaks off
     */
    public ConnectionOptions withTrusted(Path pem) {
        return withTrusted(Pem.certificates("trusted", pem));
    }

    /**
     * Returns a copy that trusts the certificates of a store, those of its keys apart, as
     * {@link #withTrusted(Collection)}.
     *
     * @throws ApiException INVALID_CONFIGURATION if the store has none, or has not been loaded
     */
    public ConnectionOptions withTrusted(KeyStore store) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate trusted) {
                    certificates.add(trusted);
                }
            }
        } catch (KeyStoreException e) {
            throw ApiException.invalidConfiguration("trusted: the store cannot be read (expected: a loaded one)");
        }
        return withTrusted(certificates);
    }

    /**
     * Returns a copy that shows this certificate to servers that ask for one. A server that wants one and gets none, or
     * does not accept it, fails calls with {@code TLS}.
     */
    public ConnectionOptions withClientCertificate(ClientCertificate certificate) {
        return with(new Tls(tls.tlsTimeout, tls.trusted, certificate, tls.protocols, tls.ciphers));
    }

    /** Returns a copy with these versions of TLS only, such as {@code TLSv1.3}. The platform has to support them. */
    public ConnectionOptions withProtocols(String... names) {
        return with(new Tls(tls.tlsTimeout, tls.trusted, tls.clientCertificate, List.of(names), tls.ciphers));
    }

    /**
     * Returns a copy with these cipher suites only, the preferred ones first, by their names in the JDK, such as
     * {@code TLS_AES_256_GCM_SHA384}. The platform has to support them.
     */
    public ConnectionOptions withCiphers(String... names) {
        return with(new Tls(tls.tlsTimeout, tls.trusted, tls.clientCertificate, tls.protocols, List.of(names)));
    }
}
