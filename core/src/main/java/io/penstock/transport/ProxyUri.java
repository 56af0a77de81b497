package io.penstock.transport;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.transport.ProxyOptions.Protocol;
import io.penstock.transport.ProxyOptions.Server;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a proxy as curl writes it. It is read by hand, because a password may have characters that no URI has.
 * Messages name the source and never quote the value.
 */
final class ProxyUri {

    private static final int CURL_PORT = 1080;

    private ProxyUri() {}

    /**
     * Reads an address.
     *
     * @param source the variable or option, for messages
     */
    static Server parse(String uri, String source) {
        String text = uri.strip();
        int scheme = text.indexOf("://");
        Protocol protocol = type(scheme < 0 ? "http" : text.substring(0, scheme), source);
        String authority = scheme < 0 ? text : text.substring(scheme + 3);
        int at = authority.lastIndexOf('@');
        String server = authority.substring(at + 1).replaceFirst("/.*", "");
        int end = server.startsWith("[") ? server.indexOf(']') + 1 : Math.max(server.indexOf(':'), 0);
        String host = end == 0 ? server : server.substring(0, end);
        String rest = server.substring(host.length());
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        int port = port(rest, source);
        if (at < 0) {
            return new Server(protocol, name, port, null, null);
        }
        String login = authority.substring(0, at);
        int colon = login.indexOf(':');
        if (colon < 0) {
            throw invalid(source, "a user name without a password");
        }
        return new Server(
                protocol, name, port, decoded(login.substring(0, colon), source), secret(login, colon, source));
    }

    private static Protocol type(String scheme, String source) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "http" -> Protocol.HTTP;
            case "socks5", "socks5h" -> Protocol.SOCKS5;
            default -> throw invalid(source, "a scheme that is not supported");
        };
    }

    private static int port(String rest, String source) {
        if (rest.isEmpty() || rest.equals(":")) {
            return CURL_PORT;
        }
        if (!rest.matches(":\\d{1,5}")) {
            throw invalid(source, "a port that is no number");
        }
        return Integer.parseInt(rest.substring(1));
    }

    private static @Nullable Secret secret(String login, int colon, String source) {
        String password = decoded(login.substring(colon + 1), source);
        if (password.isBlank()) {
            throw invalid(source, "a user name without a password");
        }
        return Secret.of(password);
    }

    /** Decodes percent signs; a plus sign stands for itself. */
    private static String decoded(String text, String source) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(source, "a percent sign that begins no escape");
        }
    }

    private static ApiException invalid(String source, String what) {
        return ApiException.invalidConfiguration(source + ": " + what
                + " (expected: http, socks5 or socks5h://user:password@host:port, with % escapes in"
                + " user and password; the value is not shown here)");
    }
}
