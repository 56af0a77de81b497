package io.penstock.http;

import io.penstock.annotation.Internal;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The host and port of a URI. The host may be any name of RFC 3986 §3.2.2, such as one with an underscore, which
 * {@link URI#getHost} does not know.
 *
 * @param host the name or address, an IPv6 address in brackets
 * @param port the port, or -1 if the URI has none
 * @hidden
 */
@Internal
public record Authority(String host, int port) {

    private static final int LARGEST_PORT = 65_535;

    /** The characters besides letters and digits that a name may consist of: unreserved, and those that DNS allows. */
    private static final String OF_NAMES = "-._~";

    /** Returns the authority of a URI, or null if it has no host, one that cannot be resolved, or no valid port. */
    public static @Nullable Authority of(URI uri) {
        String host = uri.getHost();
        if (host != null) {
            return uri.getPort() > LARGEST_PORT ? null : new Authority(host, uri.getPort());
        }
        String whole = uri.getRawAuthority();
        if (whole == null) {
            return null;
        }
        String authority = whole.substring(whole.lastIndexOf('@') + 1);
        int colon = authority.indexOf(':');
        String name = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 ? -1 : port(authority.substring(colon + 1));
        return isName(name) && port >= -1 ? new Authority(name, port) : null;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && OF_NAMES.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Returns a port, -1 for an empty one, or -2 if the text is none. */
    private static int port(String text) {
        int port = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || port > LARGEST_PORT) {
                return -2;
            }
            port = port * 10 + (c - '0');
        }
        return port > LARGEST_PORT ? -2 : port;
    }
}
