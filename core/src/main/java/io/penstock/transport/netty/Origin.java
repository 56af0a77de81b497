package io.penstock.transport.netty;

import io.penstock.error.ApiException;
import io.penstock.http.Authority;
import io.penstock.http.RequestTarget;
import java.net.URI;
import java.util.Locale;

/**
 * The address that a connection leads to: the key of a pool.
 *
 * @param secure whether the connection is encrypted
 * @param host the name or address of the host in lower case, an IPv6 address without its brackets
 * @param port the port
 */
record Origin(boolean secure, String host, int port) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * Returns the origin of an absolute URI.
     *
     * @throws ApiException INVALID_REQUEST if the URI has no host, or none that could be resolved
     */
    static Origin of(URI uri) {
        Authority authority = Authority.of(uri);
        if (authority == null) {
            throw ApiException.invalidRequest("URI of " + RequestTarget.printable(String.valueOf(uri.getRawAuthority()))
                    + ": no host that can be resolved (expected: letters, digits, '-', '_' and '.', or an address; IDNA"
                    + " for other scripts)");
        }
        String host = authority.host();
        boolean secure = isSecure(uri);
        return new Origin(
                secure,
                (host.startsWith("[") ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT),
                authority.port() >= 0 ? authority.port() : secure ? HTTPS : HTTP);
    }

    static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Returns the value of the {@code Host} header, without the default port of the scheme (RFC 9110 §7.2). */
    String hostHeader() {
        return port == (secure ? HTTPS : HTTP) ? name() : authority();
    }

    /** Returns host and port. */
    String authority() {
        return name() + ":" + port;
    }

    private String name() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
