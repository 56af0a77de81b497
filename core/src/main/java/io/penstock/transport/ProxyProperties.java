package io.penstock.transport;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.transport.ProxyOptions.Protocol;
import io.penstock.transport.ProxyOptions.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The proxies of Java's system properties, see {@link ProxyOptions#ofSystemProperties()}. */
final class ProxyProperties {

    /** The JDK's own default. */
    private static final String LOOPBACK = "localhost|127.*|[::1]|0.0.0.0|[::0]";

    private final UnaryOperator<@Nullable String> properties;

    ProxyProperties(UnaryOperator<@Nullable String> properties) {
        this.properties = properties;
    }

    ProxyOptions read() {
        Server http = server("http", 80);
        Server https = server("https", 443);
        Server socks = http == null || https == null ? socks() : null;
        if (http == null && https == null && socks == null) {
            return ProxyOptions.none();
        }
        List<String> direct = new ArrayList<>();
        if (http != null || https != null) {
            addTo(direct, "http.nonProxyHosts");
        }
        if (socks != null) {
            addTo(direct, "socksNonProxyHosts");
        }
        return new ProxyOptions(http == null ? socks : http, https == null ? socks : https, direct);
    }

    private @Nullable String value(String name) {
        String value = properties.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private @Nullable Server server(String scheme, int standardPort) {
        String host = value(scheme + ".proxyHost");
        return host == null
                ? null
                : new Server(
                        Protocol.HTTP,
                        unbracketed(host),
                        port(scheme + ".proxyPort", standardPort),
                        value(scheme + ".proxyUser"),
                        password(scheme + ".proxyPassword"));
    }

    private @Nullable Server socks() {
        String host = value("socksProxyHost");
        if (host == null) {
            return null;
        }
        String version = value("socksProxyVersion");
        if (version != null && !version.equals("5")) {
            throw ApiException.invalidConfiguration("socksProxyVersion: " + version + " (expected: 5)");
        }
        return new Server(
                Protocol.SOCKS5,
                unbracketed(host),
                port("socksProxyPort", 1080),
                value("java.net.socks.username"),
                password("java.net.socks.password"));
    }

    private @Nullable Secret password(String name) {
        String value = value(name);
        return value == null ? null : Secret.of(value);
    }

    private int port(String name, int standardPort) {
        String value = value(name);
        if (value == null) {
            return standardPort;
        }
        if (!value.matches("\\d{1,5}")) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: 1 to 65535)");
        }
        return Integer.parseInt(value);
    }

    /** Adds the hosts of a list, each of which stands for itself alone unless it has an asterisk. */
    private void addTo(List<String> direct, String name) {
        String given = properties.apply(name);
        for (String host : (given == null ? LOOPBACK : given).split("\\|", -1)) {
            String plain = host.strip();
            if (!plain.isEmpty()) {
                direct.add(plain.indexOf('*') >= 0 ? plain : "=" + unbracketed(plain));
            }
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
