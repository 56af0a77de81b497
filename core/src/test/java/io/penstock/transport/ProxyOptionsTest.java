package io.penstock.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.transport.ProxyOptions.Protocol;
import io.penstock.transport.ProxyOptions.Server;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyOptionsTest {

    private static final Server PLAIN = new Server(Protocol.HTTP, "proxy.example.com", 3128, null, null);

    private static Server http(String host, int port) {
        return new Server(Protocol.HTTP, host, port, null, null);
    }

    private static Properties properties(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, 443, true",
        "example.com, EXAMPLE.com., 443, true",
        "example.com, api.example.com, 443, true",
        "example.com, notexample.com, 443, false",
        ".example.com, example.com, 443, true",
        ".example.com, api.example.com, 443, true",
        "=example.com, example.com, 443, true",
        "=example.com, api.example.com, 443, false",
        "*.example.com, api.example.com, 443, true",
        "*.example.com, example.com, 443, false",
        "10.*, 10.1.2.3, 443, true",
        "10.*, 110.1.2.3, 443, false",
        "*intern*, api.internal.example, 443, true",
        "*, anything, 443, true",
        "example.com:8443, api.example.com, 8443, true",
        "example.com:8443, api.example.com, 443, false",
        "192.0.2.1, 192.0.2.1, 443, true",
        "192.0.2.1, 192.0.2.10, 443, false",
        "2.1, 192.0.2.1, 443, false",
        "2001:db8::1, [2001:DB8:0::1], 443, true",
        "[2001:db8::1]:8443, 2001:db8::1, 8443, true",
        "[2001:db8::1]:8443, 2001:db8::1, 443, false",
        "10.0.0.0/8, 10.255.1.2, 443, true",
        "10.0.0.0/8, 11.0.0.1, 443, false",
        "192.0.2.128/25, 192.0.2.127, 443, false",
        "192.0.2.128/25, 192.0.2.129, 443, true",
        "0.0.0.0/0, 192.0.2.129, 443, true",
        "2001:db8::/32, 2001:db8:ffff::1, 443, true",
        "2001:db8::/32, 10.0.0.1, 443, false",
        "10.0.0.0/8, api.example.com, 443, false",
        "999.0.0.1, 999.0.0.1, 443, true"
    })
    void reachesMatchingHostsDirectly(String pattern, String host, int port, boolean direct) {
        ProxyOptions options = ProxyOptions.http("proxy.example.com", 3128).withNoProxy("other.test", pattern);

        assertThat(options.proxyFor(true, host, port)).isEqualTo(direct ? null : PLAIN);
        assertThat(options.proxyFor(false, host, port)).isEqualTo(direct ? null : PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a|b", "api.*.com", "=*.com", "10.0.0.0/33", "10.0.0.0/", "host/8"})
    void refusesPatternThatCannotMatch(String pattern) {
        assertThatThrownBy(() -> ProxyOptions.none().withNoProxy(pattern))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("noProxy: ")
                .hasMessageContaining("expected: a host, .suffix");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://proxy.example.com:3128, HTTP, proxy.example.com, 3128, -, -",
                "proxy.example.com:3128, HTTP, proxy.example.com, 3128, -, -",
                "proxy.example.com, HTTP, proxy.example.com, 1080, -, -",
                "HTTP://proxy.example.com:3128/, HTTP, proxy.example.com, 3128, -, -",
                "socks5://[2001:db8::1]:1081, SOCKS5, 2001:db8::1, 1081, -, -",
                "socks5h://proxy.example.com, SOCKS5, proxy.example.com, 1080, -, -",
                "http://alice:s%40cret+@proxy:1, HTTP, proxy, 1, alice, s@cret+",
                "http://alice:a@b:c@proxy:1, HTTP, proxy, 1, alice, a@b:c"
            })
    void readsAddressAsCurlDoes(String uri, Protocol protocol, String host, int port, String user, String password) {
        assertThat(ProxyOptions.of(uri).https())
                .isEqualTo(new Server(protocol, host, port, user, password == null ? null : Secret.of(password)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://alice:hidden@proxy:3128",
                "socks4://alice:hidden@proxy",
                "http://alice:hidden@proxy:port",
                "http://alice:hidden@proxy:0",
                "http://alice:hidden@proxy:65536",
                "http://alice:hidden@",
                "http://hidden@proxy",
                "http://hidden:@proxy",
                "http://:hidden@proxy",
                "http://hidden%2:hidden@proxy",
                "http://alice%3Ahidden:hidden@proxy"
            })
    void refusesUnusableAddressWithoutShowingCredentials(String uri) {
        assertThatThrownBy(() -> ProxyOptions.of(uri))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("expected: ")
                .hasMessageNotContaining("hidden")
                .hasMessageNotContaining("alice");
    }

    @Test
    void readsEnvironmentAsCurlDoes() {
        ProxyOptions options = ProxyOptions.ofEnvironment(Map.of(
                "https_proxy",
                "http://lower:1",
                "HTTPS_PROXY",
                "http://upper:2",
                "NO_PROXY",
                "localhost, .example.com"));

        assertThat(options).isEqualTo(new ProxyOptions(null, http("lower", 1), List.of("localhost", ".example.com")));
        assertThat(ProxyOptions.ofEnvironment(Map.of("HTTP_PROXY", "http://from-a-header:1")))
                .isEqualTo(ProxyOptions.none());
        assertThat(ProxyOptions.ofEnvironment(Map.of("ALL_PROXY", "socks5://all:3", "http_proxy", "http://plain:4")))
                .isEqualTo(new ProxyOptions(
                        http("plain", 4), new Server(Protocol.SOCKS5, "all", 3, null, null), List.of()));
        assertThat(ProxyOptions.ofEnvironment(Map.of("HTTPS_PROXY", " "))).isEqualTo(ProxyOptions.none());
        assertThatThrownBy(() -> ProxyOptions.ofEnvironment(Map.of("HTTPS_PROXY", "ftp://proxy")))
                .hasMessageStartingWith("HTTPS_PROXY: ");
    }

    @Test
    void readsSystemPropertiesAsJdkDoes() {
        ProxyOptions options = ProxyOptions.ofSystemProperties(properties(
                "https.proxyHost",
                "secure",
                "https.proxyPort",
                "3128",
                "https.proxyUser",
                "alice",
                "https.proxyPassword",
                "s",
                "http.nonProxyHosts",
                "exact.test|*.below.test"));

        assertThat(options.https()).isEqualTo(new Server(Protocol.HTTP, "secure", 3128, "alice", Secret.of("s")));
        assertThat(options.http()).isNull();
        assertThat(options.proxyFor(true, "exact.test", 443)).isNull();
        assertThat(options.proxyFor(true, "a.exact.test", 443)).isNotNull();
        assertThat(options.proxyFor(true, "a.below.test", 443)).isNull();
        assertThat(options.proxyFor(true, "127.0.0.1", 443)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
    void needsNoProxyOfSystemPropertiesForLoopback(String host) {
        ProxyOptions options =
                ProxyOptions.ofSystemProperties(properties("http.proxyHost", "proxy", "socksProxyHost", "s"));

        assertThat(options.proxyFor(false, "api.example.com", 80)).isEqualTo(http("proxy", 80));
        assertThat(options.proxyFor(true, "api.example.com", 443))
                .isEqualTo(new Server(Protocol.SOCKS5, "s", 1080, null, null));
        assertThat(options.proxyFor(false, host, 80)).isNull();
        assertThat(options.proxyFor(true, host, 443)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https.proxyPort, many, https.proxyPort: many",
        "https.proxyUser, alice, proxy proxy: user name alone",
        "https.proxyPassword, hidden, proxy proxy: password alone",
        "https.proxyPort, 70000, proxy proxy: port 70000"
    })
    void refusesUnusableSystemProperty(String name, String value, String message) {
        assertThatThrownBy(() -> ProxyOptions.ofSystemProperties(properties("https.proxyHost", "proxy", name, value)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("hidden");
    }

    @Test
    void refusesSocks4() {
        assertThatThrownBy(() -> ProxyOptions.ofSystemProperties(
                        properties("socksProxyHost", "proxy", "socksProxyVersion", "4")))
                .hasMessage("socksProxyVersion: 4 (expected: 5)");
    }

    @Test
    void printsNoCredentials() {
        ProxyOptions options = ProxyOptions.of("http://alice:hidden@proxy:3128").withNoProxy("localhost");

        assertThat(options).hasToString("proxy http://proxy:3128, not for localhost");
        assertThat(ProxyOptions.none()).hasToString("no proxy");
        assertThat(ProxyOptions.ofSystemProperties(properties("https.proxyHost", "p", "http.nonProxyHosts", "")))
                .hasToString("proxy none for http, http://p:443 for https");
    }

    @Test
    void refusesCredentialsThatNoProtocolCarries() {
        Secret password = Secret.of("s");

        assertThatThrownBy(() -> ProxyOptions.none().withCredentials("alice", password))
                .hasMessageStartingWith("proxy: credentials without a proxy");
        assertThatThrownBy(() -> ProxyOptions.http("proxy", 1).withCredentials("a:b", password))
                .hasMessageContaining("colon in the user name");
        assertThatThrownBy(() -> ProxyOptions.socks5("proxy", 1).withCredentials("a".repeat(256), password))
                .hasMessageContaining("at most 255");
        assertThatThrownBy(() -> ProxyOptions.socks5("proxy", 1).withCredentials("a", Secret.of("s".repeat(256))))
                .hasMessageContaining("at most 255");
        assertThat(ProxyOptions.socks5("proxy", 1)
                        .withCredentials("a:b", password)
                        .http())
                .isEqualTo(new Server(Protocol.SOCKS5, "proxy", 1, "a:b", password));
    }
}
