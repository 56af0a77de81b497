package io.penstock.transport;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.RequestTarget;
import io.penstock.transport.ConnectionOptions.Tls.Handshake;
import io.penstock.transport.ConnectionOptions.Tls.Trust;
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
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.TcpClient;

/**
 * Options for connections.
 *
 * @param pool the pool of connections
 * @param connect the opening of connections
 * @param tls the encryption of connections
 * @param proxy the proxies
 * @param http the versions and limits of HTTP
 */
public record ConnectionOptions(Pool pool, Connect connect, Tls tls, ProxyOptions proxy, Http http) {

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
     * The opening of connections.
     *
     * @param connectTimeout the maximum time to connect, and then the maximum time until a proxy has opened its tunnel,
     *     and until a server of HTTP/2 has sent its SETTINGS
     * @param resolver the source of addresses; null for DNS
     * @param tcp changes Reactor Netty's client that opens connections; null for none
     * @param httpClient changes Reactor Netty's client if the transport is the one over it; null for none
     */
    public record Connect(
            Duration connectTimeout,
            @Nullable HostResolver resolver,
            @Nullable UnaryOperator<TcpClient> tcp,
            @Nullable UnaryOperator<HttpClient> httpClient) {

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range
         */
        public Connect {
            check("connectTimeout", connectTimeout);
        }
    }

    /** The implementations of TLS. */
    public enum TlsEngine {
        /** That of the JDK. */
        JDK,
        /** OpenSSL or BoringSSL, by Netty's {@code netty-tcnative}, which has to be on the class path. */
        OPENSSL
    }

    /**
     * The encryption of connections.
     *
     * @param tlsTimeout the maximum time for the TLS handshake
     * @param trust the certificates of servers that are accepted
     * @param clientCertificate the certificate for servers that ask for one; null for none
     * @param handshake what is offered in the handshake, and by which implementation
     */
    public record Tls(
            Duration tlsTimeout, Trust trust, @Nullable ClientCertificate clientCertificate, Handshake handshake) {

        /**
         * The certificates of servers that are accepted.
         *
         * @param trusted the certificates to trust in place of the platform's; empty for the platform's
         * @param trustedFile the file that they were read from, and that is read again when it has changed; null for none
         * @param trustManager decides in place of certificates; null for none
         * @param pins the keys of which a trusted chain must have one; empty for none
         */
        public record Trust(
                List<X509Certificate> trusted,
                @Nullable Path trustedFile,
                @Nullable X509ExtendedTrustManager trustManager,
                List<Pin> pins) {

            /** Copies the lists. */
            public Trust {
                trusted = List.copyOf(trusted);
                pins = List.copyOf(pins);
            }
        }

        /**
         * What is offered in the handshake.
         *
         * @param protocols the versions of TLS, such as {@code TLSv1.3}; empty for the platform's
         * @param ciphers the cipher suites, by their names in the JDK, the preferred ones first; empty for the platform's
         * @param serverName the name that servers are asked for and have to prove; null for the host of the URI
         * @param tlsEngine the implementation
         * @param sslContext a context of its own, with its keys and trusted certificates; null for one of these options
         */
        public record Handshake(
                List<String> protocols,
                List<String> ciphers,
                @Nullable String serverName,
                TlsEngine tlsEngine,
                @Nullable SSLContext sslContext) {

            private static final Pattern NAME = Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+");

            /**
             * Checks the values.
             *
             * @throws ApiException INVALID_CONFIGURATION if the server name is no host name
             */
            public Handshake {
                protocols = List.copyOf(protocols);
                ciphers = List.copyOf(ciphers);
                if (serverName != null && !NAME.matcher(serverName).matches()) {
                    throw ApiException.invalidConfiguration("serverName: " + RequestTarget.printable(serverName)
                            + " (expected: a host name with a dot, in lower case and in its IDNA form)");
                }
            }
        }

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range, or another option says what an
         *     {@code SSLContext} already decides
         */
        public Tls {
            check("tlsTimeout", tlsTimeout);
            if (handshake.sslContext != null) {
                checkAlone("trusted", !trust.trusted.isEmpty() || trust.trustManager != null);
                checkAlone("pins", !trust.pins.isEmpty());
                checkAlone("clientCertificate", clientCertificate != null);
                checkAlone("tlsEngine", handshake.tlsEngine != TlsEngine.JDK);
            }
        }

        private static void checkAlone(String option, boolean given) {
            if (given) {
                throw ApiException.invalidConfiguration("sslContext: given beside " + option
                        + " (expected: one of them; the context brings its own keys and trusted certificates)");
            }
        }

        /**
         * Returns the files that certificates were read from.
         *
         * @hidden
         */
        @Internal
        public List<Path> files() {
            List<Path> files = new ArrayList<>();
            if (trust.trustedFile != null) {
                files.add(trust.trustedFile);
            }
            if (clientCertificate != null) {
                files.addAll(clientCertificate.files());
            }
            return List.copyOf(files);
        }

        /**
         * Returns a copy with the present content of the files.
         *
         * @throws ApiException INVALID_CONFIGURATION if they cannot be used
         * @hidden
         */
        @Internal
        public Tls readAgain() {
            Path file = trust.trustedFile;
            Trust read = file == null ? trust : new Trust(Pem.certificates("trusted", file), file, null, trust.pins);
            return new Tls(
                    tlsTimeout, read, clientCertificate == null ? null : clientCertificate.readAgain(), handshake);
        }
    }

    /**
     * A key that the certificates of a host must have.
     *
     * @param host the host, in lower case
     * @param sha256 the SHA-256 hash of the key's SubjectPublicKeyInfo (RFC 7469 §2.4), as {@code sha256/} and its Base64
     *     form
     */
    public record Pin(String host, String sha256) {

        private static final Pattern FORM = Pattern.compile("sha256/[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");

        /**
         * Checks the form.
         *
         * @throws ApiException INVALID_CONFIGURATION if it is another one
         */
        public Pin {
            if (!FORM.matcher(sha256).matches()) {
                throw ApiException.invalidConfiguration("pins: " + RequestTarget.printable(sha256)
                        + " (expected: sha256/ and the Base64 form of 32 bytes, 44 characters)");
            }
            host = host.toLowerCase(Locale.ROOT);
        }

        /** Returns host and hash. */
        @Override
        public String toString() {
            return host + " " + sha256;
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
     * The versions and limits of HTTP.
     *
     * @param version the versions to speak
     * @param maxStreams the maximum number of requests at a time on one connection of HTTP/2; a server that allows fewer
     *     gets no more than that (RFC 9113 §6.5.2)
     * @param pingAfter the time after which a silent connection of HTTP/2 with requests under way is tested by a PING; it
     *     is closed if nothing has arrived after the same time again
     * @param maxResponseHeaderBytes the maximum size of all headers of one response together, of its status line, and of
     *     its trailers
     */
    public record Http(HttpVersion version, int maxStreams, Duration pingAfter, int maxResponseHeaderBytes) {

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
            if (maxResponseHeaderBytes < 1024 || maxResponseHeaderBytes > 16 * 1024 * 1024) {
                throw ApiException.invalidConfiguration(
                        "maxResponseHeaderBytes: " + maxResponseHeaderBytes + " (expected: 1024 to 16777216)");
            }
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

    /** Returns the maximum time to connect, and then the maximum time until a proxy has opened its tunnel. */
    public Duration connectTimeout() {
        return connect.connectTimeout;
    }

    /** Checks the range: the transport counts in milliseconds, and the connect timeout is an {@code int} of them. */
    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 ms to 24 days)");
        }
    }

    /**
     * Returns the defaults: 100 connections, 1000 requests waiting up to 10 s; connect 5 s, TLS 10 s; idle up to 20 s,
     * alive up to 5 min; the platform's trust store; the proxies of the system properties at this moment; response headers
     * of 32 KiB; HTTP/1.1, and with HTTP/2 100 requests at a time on a connection, and a PING after 10 s.
     *
     * @throws ApiException INVALID_CONFIGURATION if a system property for a proxy cannot be used
     */
    public static ConnectionOptions standard() {
        Pool pool = new Pool(100, 1000, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(5));
        Tls tls = new Tls(
                Duration.ofSeconds(10),
                new Trust(List.of(), null, null, List.of()),
                null,
                new Handshake(List.of(), List.of(), null, TlsEngine.JDK, null));
        Connect connect = new Connect(Duration.ofSeconds(5), null, null, null);
        Http http = new Http(HttpVersion.HTTP_1_1, 100, Duration.ofSeconds(10), 32 * 1024);
        return new ConnectionOptions(pool, connect, tls, ProxyOptions.ofSystemProperties(), http);
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
        return with(new Connect(connect.connectTimeout, newResolver, connect.tcp, connect.httpClient));
    }

    /**
     * Returns a copy that accepts response headers up to this size, all of one response together. A response with more
     * fails its attempt with {@code PROTOCOL_VIOLATION}, and costs the connection of HTTP/1.1. The same limit applies to a
     * status line (RFC 9112 §4) and to trailers (RFC 9112 §7.1.2, RFC 9113 §8.1). With HTTP/2 each header counts 32 bytes
     * more (RFC 9113 §6.5.2).
     *
     * @param bytes 1024 to 16777216; an attempt may hold that many in memory
     */
    public ConnectionOptions withMaxResponseHeaderBytes(int bytes) {
        return with(new Http(http.version, http.maxStreams, http.pingAfter, bytes));
    }

    /** Returns a copy that speaks these versions of HTTP. */
    public ConnectionOptions withHttp(HttpVersion newVersion) {
        return with(new Http(newVersion, http.maxStreams, http.pingAfter, http.maxResponseHeaderBytes));
    }

    /**
     * Returns a copy with other limits of HTTP/2: the requests at a time on one connection, and the silence after which
     * a PING tests it.
     */
    public ConnectionOptions withHttp2Limits(int newMaxStreams, Duration newPingAfter) {
        return with(new Http(http.version, newMaxStreams, newPingAfter, http.maxResponseHeaderBytes));
    }

    /**
     * Returns a copy that changes Reactor Netty's client that opens connections: for options of sockets, attributes, or
     * an address to connect from, which have no option here. Two such functions are applied in order.
     *
     * <p>The function is applied once, when the client is built, and not for each call. It may set {@code option},
     * {@code attr} and {@code bindAddress}. Event loops, addresses, proxies, TLS, pools and handlers of this client are not
     * used: connections get those of these options. It must not change {@code CONNECT_TIMEOUT_MILLIS} and
     * {@code AUTO_READ}, which the timeouts and the reading of responses rely on. With the transport over
     * {@code HttpClient} use {@link #withHttpClient}; this one is refused there when the client is built.
     */
    public ConnectionOptions withTcp(UnaryOperator<TcpClient> change) {
        UnaryOperator<TcpClient> before = connect.tcp;
        UnaryOperator<TcpClient> both = before == null ? change : client -> change.apply(before.apply(client));
        return with(new Connect(connect.connectTimeout, connect.resolver, both, connect.httpClient));
    }

    /**
     * Returns a copy that changes Reactor Netty's {@code HttpClient}, if the client uses the transport over it (system
     * property {@code penstock.transport}); any other transport refuses it when the client is built. Two such functions
     * are applied in order.
     *
     * <p>The function is applied once for {@code http} and once for {@code https}, before their first connection, and not
     * for each call. It may set {@code option}, {@code attr}, {@code bindAddress}, {@code metrics}, and add listeners. It
     * must not change the settings that the pipeline relies on: retries, redirects, decompression, timeouts, protocols, TLS, proxies,
     * the resolver, the event loops, and handlers. A function that returns a client over another pool is refused.
     */
    public ConnectionOptions withHttpClient(UnaryOperator<HttpClient> change) {
        UnaryOperator<HttpClient> before = connect.httpClient;
        UnaryOperator<HttpClient> both = before == null ? change : client -> change.apply(before.apply(client));
        return with(new Connect(connect.connectTimeout, connect.resolver, connect.tcp, both));
    }

    private ConnectionOptions with(Http newHttp) {
        return new ConnectionOptions(pool, connect, tls, proxy, newHttp);
    }

    private ConnectionOptions with(Connect newConnect) {
        return new ConnectionOptions(pool, newConnect, tls, proxy, http);
    }

    private ConnectionOptions with(Pool newPool) {
        return new ConnectionOptions(newPool, connect, tls, proxy, http);
    }

    private ConnectionOptions with(Tls newTls) {
        return new ConnectionOptions(pool, connect, newTls, proxy, http);
    }

    private ConnectionOptions with(Trust newTrust) {
        return with(new Tls(tls.tlsTimeout, newTrust, tls.clientCertificate, tls.handshake));
    }

    private ConnectionOptions with(Handshake newHandshake) {
        return with(new Tls(tls.tlsTimeout, tls.trust, tls.clientCertificate, newHandshake));
    }

    /** Returns a copy with another connect timeout. */
    public ConnectionOptions withConnectTimeout(Duration newConnectTimeout) {
        return with(new Connect(newConnectTimeout, connect.resolver, connect.tcp, connect.httpClient));
    }

    /** Returns a copy with another timeout for the TLS handshake. */
    public ConnectionOptions withTlsTimeout(Duration newTlsTimeout) {
        return with(new Tls(newTlsTimeout, tls.trust, tls.clientCertificate, tls.handshake));
    }

    /** Returns a copy with other proxies; {@link ProxyOptions#none()} for none, whatever the system properties say. */
    public ConnectionOptions withProxy(ProxyOptions newProxy) {
        return new ConnectionOptions(pool, connect, tls, newProxy, http);
    }

    /**
     * Returns a copy that trusts these certificates and those that they issue, in place of the platform's trust store:
     * for an installation with its own certificate authority. The server's name is still verified.
     */
    public ConnectionOptions withTrusted(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw ApiException.invalidConfiguration("trusted: no certificate (expected: at least one)");
        }
        return with(new Trust(List.copyOf(certificates), null, null, tls.trust.pins));
    }

    /**
     * Returns a copy that trusts the certificates of a PEM file, one or several, as {@link #withTrusted(Collection)}.
     * It reads the file immediately, and so blocks. A client reads it again once it has changed, and uses the new
     * certificates for new connections; a file that cannot be used changes nothing, and is logged.
     *
     * @throws ApiException INVALID_CONFIGURATION if it cannot be read, has no certificate, or breaks off
     */
    public ConnectionOptions withTrusted(Path pem) {
        return with(new Trust(Pem.certificates("trusted", pem), pem, null, tls.trust.pins));
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
     * Returns a copy in which this trust manager decides on the certificates of servers, in place of a list of them: for
     * one of a framework's, or one that asks elsewhere. It is called on an event loop for each handshake, and must not
     * block. Pins apply in addition.
     */
    public ConnectionOptions withTrusted(X509ExtendedTrustManager manager) {
        return with(new Trust(List.of(), null, manager, tls.trust.pins));
    }

    /**
     * Returns a copy that also pins keys of a host: the chain of its certificate, once it is trusted, must have one of all
     * keys that are pinned for the host. A host with another chain fails calls with {@code TLS} and {@code NOT_SENT}. Hosts
     * without a pin are not affected. Pin a spare key as well, so that a server can replace its own.
     *
     * @param host the host of the URI, or the {@linkplain #withServerName name} that is verified in its place
     * @param hashes {@code sha256/} and the Base64 form of the SHA-256 hash of a key's SubjectPublicKeyInfo (RFC 7469
     *     §2.4), of the server's certificate or of an authority of its chain
     * @throws ApiException INVALID_CONFIGURATION if there is no hash, or one of another form
     */
    public ConnectionOptions withPins(String host, String... hashes) {
        if (hashes.length == 0) {
            throw ApiException.invalidConfiguration("pins: none for " + RequestTarget.printable(host)
                    + " (expected: at least one; a second one allows the server to replace its key)");
        }
        List<Pin> pins = new ArrayList<>(tls.trust.pins);
        for (String hash : hashes) {
            pins.add(new Pin(host, hash));
        }
        return with(new Trust(tls.trust.trusted, tls.trust.trustedFile, tls.trust.trustManager, pins));
    }

    /**
     * Returns a copy that shows this certificate to servers that ask for one. A server that wants one and gets none, or
     * does not accept it, fails calls with {@code TLS}.
     */
    public ConnectionOptions withClientCertificate(ClientCertificate certificate) {
        return with(new Tls(tls.tlsTimeout, tls.trust, certificate, tls.handshake));
    }

    /** Returns a copy with these versions of TLS only, such as {@code TLSv1.3}. The platform has to support them. */
    public ConnectionOptions withProtocols(String... names) {
        Handshake before = tls.handshake;
        return with(
                new Handshake(List.of(names), before.ciphers, before.serverName, before.tlsEngine, before.sslContext));
    }

    /**
     * Returns a copy with these cipher suites only, the preferred ones first, by their names in the JDK, such as
     * {@code TLS_AES_256_GCM_SHA384}. The platform has to support them.
     */
    public ConnectionOptions withCiphers(String... names) {
        Handshake before = tls.handshake;
        return with(new Handshake(
                before.protocols, List.of(names), before.serverName, before.tlsEngine, before.sslContext));
    }

    /**
     * Returns a copy that asks servers for this name (SNI, RFC 6066 §3), and verifies that their certificates are made out
     * to it, in place of the host of the URI: for a server that is reached by an address, or through a relay. It applies to
     * all hosts of the client. The {@code Host} header stays that of the URI.
     *
     * @throws ApiException INVALID_CONFIGURATION if it is no host name
     */
    public ConnectionOptions withServerName(String name) {
        Handshake before = tls.handshake;
        return with(new Handshake(
                before.protocols, before.ciphers, name.toLowerCase(Locale.ROOT), before.tlsEngine, before.sslContext));
    }

    /**
     * Returns a copy with another implementation of TLS. A client with {@link TlsEngine#OPENSSL} cannot be built without
     * {@code netty-tcnative} on the class path.
     */
    public ConnectionOptions withTlsEngine(TlsEngine engine) {
        Handshake before = tls.handshake;
        return with(new Handshake(before.protocols, before.ciphers, before.serverName, engine, before.sslContext));
    }

    /**
     * Returns a copy whose connections use this context, with its keys and its trusted certificates: for one that a
     * framework has made. The server's name is verified in any case. Versions, ciphers and the server name are those of
     * these options.
     *
     * @throws ApiException INVALID_CONFIGURATION beside trusted certificates, pins, a client certificate or another engine
     */
    public ConnectionOptions withSslContext(SSLContext context) {
        Handshake before = tls.handshake;
        return with(new Handshake(before.protocols, before.ciphers, before.serverName, before.tlsEngine, context));
    }
}
