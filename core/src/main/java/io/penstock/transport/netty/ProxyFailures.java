package io.penstock.transport.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.netty.handler.proxy.ProxyConnectException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.transport.ProxyOptions.Protocol;
import io.penstock.transport.ProxyOptions.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mapping of the errors of a proxy's tunnel. Netty's exceptions have their facts in the message only, which ends with
 * one of
 *
 * <pre>
 *  status: 407 Proxy Authentication Required     HTTP; 999 for what is no response
 *  status: FORBIDDEN(2)                          SOCKS 5, RFC 1928 §6; FAILURE(1) also for what is no response
 *  unexpected authMethod: UNACCEPTED(255)        SOCKS 5, RFC 1928 §3; also for what is no response
 *  authStatus: FAILURE(255)                      SOCKS 5, RFC 1929 §2
 *  timeout, disconnected, or an exception with a cause
 * </pre>
 *
 * Nothing has been sent to the server in any case.
 */
final class ProxyFailures {

    private static final Pattern STATUS = Pattern.compile(", status: ([A-Z_]+|\\d{3})\\b[^,]*$");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,20}");
    private static final int UNAUTHENTICATED = 407;
    private static final int TOO_LONG = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;
    private static final int NOT_HTTP = 999;

    private ProxyFailures() {}

    static Failure name(Server proxy, ProxyConnectException error, String server, Duration limit) {
        String message = String.valueOf(error.getMessage());
        Matcher status = STATUS.matcher(message);
        if (status.find()) {
            return proxy.protocol() == Protocol.HTTP
                    ? refused(proxy, Integer.parseInt(status.group(1)), server, error)
                    : refused(proxy, status.group(1), server, error);
        }
        if (message.contains(", authStatus: ")) {
            return credentialsRefused(proxy, "the SOCKS user name and password", error);
        }
        if (message.contains(", unexpected authMethod: ")) {
            return proxy.user() == null
                    ? permanent(
                            "proxy " + proxy + ": refuses a connection without credentials, or does not speak SOCKS 5",
                            "give the user and password of the proxy: ProxyOptions.withCredentials",
                            error)
                    : permanent(
                            "proxy " + proxy + ": accepts no user name and password, or does not speak SOCKS 5",
                            "verify the address of the proxy and how it authenticates (expected: RFC 1929)",
                            error);
        }
        if (message.endsWith("timeout")) {
            return WireFailures.tooLong(
                    Phase.CONNECT, ErrorKind.CONNECT, "proxy " + proxy + ": opening the tunnel", limit, error);
        }
        Throwable cause = error.getCause();
        if (cause == null || cause instanceof IOException) {
            return WireFailures.notSent(
                    ErrorKind.CONNECT, "proxy " + proxy + ": connection lost before the tunnel was open", error);
        }
        return notAProxy(proxy, error);
    }

    private static Failure refused(Server proxy, int status, String server, ProxyConnectException error) {
        if (status == NOT_HTTP) {
            return notAProxy(proxy, error);
        }
        String message = "proxy " + proxy + ": refused the tunnel with status " + status;
        if (status == UNAUTHENTICATED) {
            String offered = offered(error);
            return offered != null
                    ? permanent(
                            message + ": it wants " + offered + " authentication (expected: Basic)",
                            "let the proxy accept Basic authentication for this client, or this host without one",
                            error)
                    : proxy.user() == null
                            ? permanent(
                                    message + ": it asks for credentials",
                                    "give the user and password of the proxy: ProxyOptions.withCredentials",
                                    error)
                            : credentialsRefused(proxy, "the credentials (status 407)", error);
        }
        return status == TOO_LONG || status == TOO_MANY || status >= SERVER_ERRORS
                ? WireFailures.notSent(ErrorKind.CONNECT, message, error)
                        .withRemedy("find out at the proxy why it does not reach " + server)
                : permanent(message, allow(server), error);
    }

    private static Failure refused(Server proxy, String status, String server, ProxyConnectException error) {
        String message = "proxy " + proxy + ": refused the connection with " + status;
        boolean forGood = List.of("FORBIDDEN", "COMMAND_UNSUPPORTED", "ADDRESS_UNSUPPORTED")
                .contains(status);
        return forGood
                ? permanent(message, allow(server), error)
                : WireFailures.notSent(
                        ErrorKind.CONNECT,
                        status.equals("FAILURE") ? message + ", or does not speak SOCKS 5" : message,
                        error);
    }

    private static String allow(String server) {
        return "let the proxy accept connections to " + server + ", or reach it directly: ProxyOptions.withNoProxy";
    }

    private static Failure credentialsRefused(Server proxy, String what, ProxyConnectException error) {
        return permanent(
                "proxy " + proxy + ": refuses " + what,
                "verify the user and password that ProxyOptions.withCredentials, the system properties or the environment"
                        + " give",
                error);
    }

    private static Failure notAProxy(Server proxy, ProxyConnectException error) {
        return permanent(
                "proxy " + proxy + ": does not speak " + (proxy.protocol() == Protocol.HTTP ? "HTTP" : "SOCKS 5"),
                "verify the address and the kind of the proxy",
                error);
    }

    /** Returns the schemes of authentication that a proxy offers, if Basic is none of them, or null. */
    private static @Nullable String offered(ProxyConnectException error) {
        HttpHeaders headers = error instanceof HttpProxyConnectException http ? http.headers() : null;
        if (headers == null) {
            return null;
        }
        List<String> schemes = headers.getAll(HttpHeaderNames.PROXY_AUTHENTICATE).stream()
                .map(challenge -> challenge.strip().split("[ ,]", 2)[0])
                .filter(scheme -> SCHEME.matcher(scheme).matches())
                .limit(4)
                .toList();
        return schemes.isEmpty()
                        || schemes.stream()
                                .anyMatch(s -> s.toLowerCase(Locale.ROOT).equals("basic"))
                ? null
                : String.join(", ", schemes);
    }

    private static Failure permanent(String message, String remedy, ProxyConnectException error) {
        return WireFailures.permanent(WireFailures.notSent(ErrorKind.CONNECT, message, error))
                .withRemedy(remedy);
    }
}
