package io.penstock.transport.netty;

import io.penstock.error.ApiException;
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
    private static final int LARGEST_PORT = 65_535;

    /**
     * Returns the origin of an absolute URI. The host may be any of RFC 3986 §3.2.2, such as one with an underscore,
     * which {@link URI#getHost} does not know.
     *
     * @throws ApiException INVALID_REQUEST if the URI has no host, or none that DNS could resolve
     */
    static Origin of(URI uri) {
        boolean secure = isSecure(uri);
        String host = uri.getHost();
        int port = uri.getPort();
        if (host == null) {
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            authority = authority.substring(authority.indexOf('@') + 1);
            int colon = authority.lastIndexOf(':');
            host = colon < 0 ? authority : authority.substring(0, colon);
            port = colon < 0 || colon == authority.length() - 1 ? -1 : number(authority, colon + 1);
            checkName(host);
        }
        if (port > LARGEST_PORT) {
            throw invalid(host, "port " + port, "1 to 65535");
        }
        boolean bracketed = host.startsWith("[");
        return new Origin(
                secure,
                (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT),
                port >= 0 ? port : secure ? HTTPS : HTTP);
    }

    static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private static int number(String authority, int from) {
        try {
            return Integer.parseUnsignedInt(authority, from, authority.length(), 10);
        } catch (NumberFormatException e) {
            throw invalid(authority, "a port that is no number", "1 to 65535");
        }
    }

    private static void checkName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "%[]:".indexOf(c) >= 0) {
                throw invalid(host, "character " + (i + 1), "a name of letters, digits, '-', '_' and '.'; IDNA");
            }
        }
        if (host.isEmpty()) {
            throw invalid(host, "no name", "a host");
        }
    }

    private static ApiException invalid(String host, String what, String expected) {
        return ApiException.invalidRequest(
                "host " + RequestTarget.printable(host) + ": " + what + " (expected: " + expected + ")");
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
