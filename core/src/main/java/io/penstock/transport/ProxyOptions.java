package io.penstock.transport;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The proxies between a client and the servers it calls, and the hosts that are reached without one.
 *
 * <p>A connection through a proxy is a tunnel: the proxy opens it by {@code CONNECT} (RFC 9110 §9.3.6) or by SOCKS 5
 * (RFC 1928), resolves the name of the server, and forwards bytes that it cannot read if the connection is encrypted.
 * This holds for {@code http} as for {@code https}. Credentials go to the proxy only.
 *
 * @param http the proxy for {@code http}; null for none
 * @param https the proxy for {@code https}; null for none
 * @param noProxy the hosts that are reached without a proxy, see {@link #withNoProxy}
 */
public record ProxyOptions(@Nullable Server http, @Nullable Server https, List<String> noProxy) {

    private static final ProxyOptions NONE = new ProxyOptions(null, null, List.of());
    private static final int MAX_PORT = 65_535;

    /** The protocol of a proxy. */
    public enum Protocol {
        /** HTTP with {@code CONNECT}, over a connection that is not encrypted itself. */
        HTTP,
        /** SOCKS 5. The proxy resolves names. */
        SOCKS5
    }

    /**
     * A proxy.
     *
     * @param protocol the protocol
     * @param host the name or address
     * @param port the port
     * @param user the user name; null for none
     * @param password the password; null if there is no user name
     */
    public record Server(
            Protocol protocol,
            String host,
            int port,
            @Nullable String user,
            @Nullable Secret password) {

        /** The length of a user name and of a password, in SOCKS 5 (RFC 1929 §2). */
        private static final int SOCKS_LENGTH = 255;

        /**
         * Checks the values.
         *
         * @throws ApiException INVALID_CONFIGURATION if one is out of range; the message has no credentials
         */
        public Server {
            if (host.isBlank() || !host.chars().allMatch(c -> c > ' ' && c < 0x7f && "/@?#\\".indexOf(c) < 0)) {
                throw ApiException.invalidConfiguration("proxy: the host is empty or has characters that no host has"
                        + " (expected: a name or an address such as proxy.example.com)");
            }
            if (port < 1 || port > MAX_PORT) {
                throw ApiException.invalidConfiguration("proxy " + host + ": port " + port + " (expected: 1 to 65535)");
            }
            if ((user == null) != (password == null)) {
                throw ApiException.invalidConfiguration("proxy " + host + ": "
                        + (user == null ? "password" : "user name") + " alone (expected: both or none)");
            }
            if (user != null) {
                checkUser(protocol, host, user);
            }
            if (password != null
                    && protocol == Protocol.SOCKS5
                    && password.reveal().length() > SOCKS_LENGTH) {
                throw ApiException.invalidConfiguration(
                        "proxy " + host + ": password too long (expected: at most 255 characters, RFC 1929 §2)");
            }
        }

        private static void checkUser(Protocol protocol, String host, String user) {
            if (user.isEmpty() || !user.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw ApiException.invalidConfiguration("proxy " + host
                        + ": user name is empty or has characters other than printable ASCII (expected: neither)");
            }
            if (protocol == Protocol.HTTP && user.indexOf(':') >= 0) {
                throw ApiException.invalidConfiguration(
                        "proxy " + host + ": colon in the user name (expected: none, RFC 7617 §2)");
            }
            if (protocol == Protocol.SOCKS5 && user.length() > SOCKS_LENGTH) {
                throw ApiException.invalidConfiguration(
                        "proxy " + host + ": user name too long (expected: at most 255 characters, RFC 1929 §2)");
            }
        }

        /** Returns the address as a URI, such as {@code http://proxy.example.com:3128}, without credentials. */
        @Override
        public String toString() {
            return (protocol == Protocol.HTTP ? "http://" : "socks5://")
                    + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * Checks the patterns.
     *
     * @throws ApiException INVALID_CONFIGURATION if a pattern of {@code noProxy} cannot be read
     */
    public ProxyOptions {
        noProxy = List.copyOf(noProxy);
        noProxy.forEach(NoProxy::check);
    }

    /** Returns options without a proxy: every server is reached directly. */
    public static ProxyOptions none() {
        return NONE;
    }

    /** Returns options with an HTTP proxy for every server. */
    public static ProxyOptions http(String host, int port) {
        return of(new Server(Protocol.HTTP, host, port, null, null));
    }

    /** Returns options with a SOCKS 5 proxy for every server. */
    public static ProxyOptions socks5(String host, int port) {
        return of(new Server(Protocol.SOCKS5, host, port, null, null));
    }

    private static ProxyOptions of(Server server) {
        return new ProxyOptions(server, server, List.of());
    }

    /**
     * Returns options with the proxy of a URI for every server, in the form that curl and the environment use:
     * {@code http://user:password@proxy.example.com:3128}. Without a scheme it is {@code http}, without a port 1080, as
     * in curl. {@code socks5} and {@code socks5h} both let the proxy resolve names.
     *
     * @throws ApiException INVALID_CONFIGURATION if it is no such URI, or has another scheme; the message has no
     *     credentials
     */
    public static ProxyOptions of(String uri) {
        return of(ProxyUri.parse(uri, "proxy"));
    }

    /**
     * Returns the proxies of the Java system properties as they are now: {@code https.proxyHost},
     * {@code https.proxyPort}, {@code http.proxyHost}, {@code http.proxyPort}, {@code http.nonProxyHosts}, and for
     * schemes without one {@code socksProxyHost}, {@code socksProxyPort}, {@code socksNonProxyHosts}. Credentials are
     * those of {@code https.proxyUser}, {@code https.proxyPassword}, {@code http.proxyUser}, {@code http.proxyPassword},
     * {@code java.net.socks.username} and {@code java.net.socks.password}. As in the JDK, a name stands for itself alone,
     * and {@code localhost} and loopback addresses need no proxy unless a list says otherwise. If the schemes have
     * proxies of both kinds, both lists apply to both.
     *
     * @throws ApiException INVALID_CONFIGURATION if a property cannot be used
     */
    public static ProxyOptions ofSystemProperties() {
        return ofSystemProperties(System.getProperties());
    }

    static ProxyOptions ofSystemProperties(Properties properties) {
        return new ProxyProperties(properties::getProperty).read();
    }

    /**
     * Returns the proxies of the environment as curl reads it: {@code https_proxy} or {@code HTTPS_PROXY},
     * {@code http_proxy} (in lower case only, because a web server gives its scripts the request header {@code Proxy} as
     * {@code HTTP_PROXY}), for schemes without one {@code all_proxy} or {@code ALL_PROXY}, and {@code no_proxy} or
     * {@code NO_PROXY}.
     *
     * @throws ApiException INVALID_CONFIGURATION if a variable cannot be used; the message has no credentials
     */
    public static ProxyOptions ofEnvironment() {
        return ofEnvironment(System.getenv());
    }

    static ProxyOptions ofEnvironment(Map<String, String> environment) {
        @Nullable Server all = server(environment, "all_proxy", "ALL_PROXY");
        @Nullable Server http = server(environment, "http_proxy");
        @Nullable Server https = server(environment, "https_proxy", "HTTPS_PROXY");
        String name = name(environment, "no_proxy", "NO_PROXY");
        List<String> patterns = name == null
                ? List.of()
                : Arrays.stream(environment.getOrDefault(name, "").split("[,\\s]+"))
                        .filter(pattern -> !pattern.isEmpty())
                        .toList();
        return new ProxyOptions(http == null ? all : http, https == null ? all : https, patterns);
    }

    private static @Nullable Server server(Map<String, String> environment, String... names) {
        String name = name(environment, names);
        return name == null ? null : ProxyUri.parse(environment.getOrDefault(name, ""), name);
    }

    /** Returns the first name with a value that is not blank. */
    private static @Nullable String name(Map<String, String> environment, String... names) {
        for (String name : names) {
            if (!environment.getOrDefault(name, "").isBlank()) {
                return name;
            }
        }
        return null;
    }

    /**
     * Returns a copy whose proxies get this user name and password: by Basic authentication (RFC 7617) with the
     * {@code CONNECT}, or as in RFC 1929. They never go to another server, and no message, log or journey has them.
     *
     * @throws ApiException INVALID_CONFIGURATION if there is no proxy, or if its protocol cannot carry them
     */
    public ProxyOptions withCredentials(String user, Secret password) {
        if (http == null && https == null) {
            throw ApiException.invalidConfiguration("proxy: credentials without a proxy (expected: one of"
                    + " ProxyOptions.http, socks5, of, ofSystemProperties, ofEnvironment first)");
        }
        UnaryOperator<@Nullable Server> login =
                server -> server == null ? null : new Server(server.protocol, server.host, server.port, user, password);
        return new ProxyOptions(login.apply(http), login.apply(https), noProxy);
    }

    /**
     * Returns a copy that reaches these hosts directly, in addition to those that it reaches directly already:
     *
     * <table>
     * <caption>Patterns</caption>
     * <tr><td>{@code example.com}, {@code .example.com}</td><td>that host and all below it, as in curl</td></tr>
     * <tr><td>{@code *.example.com}, {@code 10.*}</td><td>all hosts that end or begin so, as in Java's properties</td></tr>
     * <tr><td>{@code =example.com}</td><td>that host alone</td></tr>
     * <tr><td>{@code 192.0.2.1}, {@code 2001:db8::1}, {@code 10.0.0.0/8}</td><td>that address, those addresses; names are
     * not resolved for this</td></tr>
     * <tr><td>{@code example.com:8443}, {@code [2001:db8::1]:8443}</td><td>the same at this port only; without one, any
     * port</td></tr>
     * <tr><td>{@code *}</td><td>all hosts</td></tr>
     * </table>
     *
     * @throws ApiException INVALID_CONFIGURATION if a pattern cannot be read
     */
    public ProxyOptions withNoProxy(String... patterns) {
        List<String> more = new ArrayList<>(noProxy);
        more.addAll(List.of(patterns));
        return new ProxyOptions(http, https, more);
    }

    /**
     * Returns the proxy through which a server is reached, or null for none.
     *
     * @param secure whether the scheme is {@code https}
     * @param host the name or address, an IPv6 address with or without brackets
     * @param port the port
     */
    public @Nullable Server proxyFor(boolean secure, String host, int port) {
        Server server = secure ? https : http;
        return server == null || NoProxy.matches(noProxy, host, port) ? null : server;
    }

    /** Returns the proxies and the exceptions, without credentials. */
    @Override
    public String toString() {
        if (http == null && https == null) {
            return "no proxy";
        }
        String servers = http != null && http.equals(https)
                ? "proxy " + http
                : "proxy " + (http == null ? "none" : http) + " for http, " + (https == null ? "none" : https)
                        + " for https";
        return servers + (noProxy.isEmpty() ? "" : ", not for " + String.join(", ", noProxy));
    }
}
