package io.penstock.test;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Calls through a proxy, and the ways in which a proxy fails: the recipient of each byte, and the failure of the call. */
class ProxiesTest extends FailureTable {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}";
    private static final String PASSWORD = "s3cret-of-the-proxy";
    private static final String OPEN = "HTTP/1.1 200 Connection established\r\n\r\n";

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final RawServer.Script serve = peer -> {
        for (; ; ) {
            heads.add(peer.head());
            peer.send(OK);
        }
    };

    @BeforeAll
    static void makeACertificate() {
        certificate = TestCertificate.of(directory, "dns:api.invalid");
    }

    private static ConnectionOptions through(ProxyOptions proxy) {
        return ConnectionOptions.standard().withProxy(proxy).withTrusted(List.of(certificate.certificate()));
    }

    private static ProxyOptions http(RawServer proxy) {
        return ProxyOptions.http("127.0.0.1", proxy.port());
    }

    private static ProxyOptions socks(RawServer proxy) {
        return ProxyOptions.socks5("127.0.0.1", proxy.port());
    }

    private ApiClient client(String baseUri, ProxyOptions proxy) {
        return client(baseUri, b -> b.connections(through(proxy)));
    }

    private RawServer origin(String scheme) {
        return scheme.equals("https")
                ? watched(RawServer.start(certificate.server().getServerSocketFactory(), serve))
                : server(serve);
    }

    private static void callThreeTimes(ApiClient client) {
        for (int i = 0; i < 3; i++) {
            assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
            Eventually.until(() ->
                    client.inspect().connections().stream().anyMatch(pool -> pool.active() == 0 && pool.idle() == 1));
        }
    }

    /** The name of the server resolves nowhere but at the proxy. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void callsServerThroughTunnelOfHttpProxy(String scheme) {
        RawServer origin = origin(scheme);
        TestProxy script = TestProxy.http(origin, null);
        RawServer proxy = server(script);
        ApiClient client = client(scheme + "://api.invalid:" + origin.port(), http(proxy));

        callThreeTimes(client);

        assertThat(script.targets()).containsExactly("api.invalid:" + origin.port());
        assertThat(heads).hasSize(3).allMatch(head -> head.startsWith("GET /things HTTP/1.1\r\n"));
        assertThat(client.inspect().explain(request(Method.GET))).contains("proxy http://127.0.0.1:" + proxy.port());
    }

    @Test
    void givesCredentialsToProxyAlone() {
        RawServer origin = origin("http");
        TestProxy script = TestProxy.http(origin, "alice:" + PASSWORD);
        ApiClient client = client(
                "http://127.0.0.1:" + origin.port(),
                http(server(script)).withCredentials("alice", Secret.of(PASSWORD)));

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(script.targets()).containsExactly("127.0.0.1:" + origin.port());
        assertThat(heads).singleElement().asString().doesNotContainIgnoringCase("proxy-authorization");
    }

    @Test
    void reachesExceptedHostDirectly() {
        RawServer origin = origin("http");
        RawServer proxy = server(TestProxy.http(origin, null));
        ApiClient client =
                client("http://127.0.0.1:" + origin.port(), http(proxy).withNoProxy("127.0.0.0/8"));

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(proxy.connections()).isZero();
    }

    /** What follows the answer of a proxy at once is no response: the request has not been written. */
    @Test
    void takesNothingOfProxyForResponse() {
        RawServer proxy = server(peer -> {
            peer.head();
            peer.send(OPEN + OK);
            peer.head();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 2}");
            peer.silence();
        });

        assertThat(client("http://api.invalid", http(proxy))
                        .value(request(Method.GET))
                        .block(PATIENCE))
                .hasToString("{\"n\":2}");
    }

    private static Told transientFailure(String message) {
        return new Told(ErrorKind.CONNECT, null, NOT_SENT, TRANSIENT, message, 2, 2);
    }

    private static Told permanentFailure(String message) {
        return new Told(ErrorKind.CONNECT, null, NOT_SENT, PERMANENT, message, 1, 1);
    }

    private static RawServer.Script answering(String response) {
        return peer -> {
            peer.head();
            peer.send(response);
            peer.silence();
        };
    }

    private static RawServer.Script refusing(String status, String... headers) {
        return answering("HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n" + String.join("\r\n", headers)
                + (headers.length == 0 ? "" : "\r\n") + "\r\nfour");
    }

    static Stream<Row> proxiesOverHttp() {
        return Stream.of(
                Row.of("403", refusing("403 Forbidden"), permanentFailure("refused the tunnel with status 403")),
                Row.of("502", refusing("502 Bad Gateway"), transientFailure("refused the tunnel with status 502")),
                Row.of("508", refusing("508 Loop Detected"), transientFailure("refused the tunnel with status 508")),
                Row.of("503", refusing("503 Unavailable"), transientFailure("refused the tunnel with status 503")),
                Row.of(
                        "407",
                        refusing("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"p\""),
                        permanentFailure("with status 407: it asks for credentials")),
                Row.of(
                        "407 without Basic",
                        refusing(
                                "407 Proxy Authentication Required",
                                "Proxy-Authenticate: Negotiate",
                                "Proxy-Authenticate: NTLM"),
                        permanentFailure("it wants Negotiate, NTLM authentication (expected: Basic)")),
                Row.of(
                        "a redirect",
                        refusing("302 Found", "Location: http://login.example.com/"),
                        permanentFailure("refused the tunnel with status 302")),
                Row.of("garbage", answering("SSH-2.0-OpenSSH_9.2\r\n\r\n"), permanentFailure("does not speak HTTP")),
                Row.of(
                        "FIN before the tunnel",
                        peer -> {
                            peer.head();
                            peer.fin();
                        },
                        transientFailure("connection lost before the tunnel was open")),
                Row.of(
                        "RST before the tunnel",
                        peer -> {
                            peer.head();
                            peer.rst();
                        },
                        transientFailure("connection lost before the tunnel was open")));
    }

    private static RawServer.Script choosing(int method, String answer) {
        return peer -> {
            peer.body(2);
            peer.body(method == 2 ? 2 : 1);
            peer.send("\5" + (char) method);
            if (method == 0) {
                peer.body(4 + 1 + "api.invalid".length() + 2);
                peer.send(answer);
            }
            peer.silence();
        };
    }

    private static RawServer.Script socksRefusing(int status) {
        return choosing(0, "\5" + (char) status + "\0\1\0\0\0\0\0\0");
    }

    static Stream<Row> proxiesOverSocks() {
        return Stream.of(
                Row.of("failure", socksRefusing(1), transientFailure("refused the connection with FAILURE")),
                Row.of("not allowed", socksRefusing(2), permanentFailure("refused the connection with FORBIDDEN")),
                Row.of(
                        "unreachable",
                        socksRefusing(4),
                        transientFailure("refused the connection with HOST_UNREACHABLE")),
                Row.of("refused", socksRefusing(5), transientFailure("refused the connection with CONNECTION_REFUSED")),
                Row.of(
                        "no method accepted",
                        choosing(0xff, ""),
                        permanentFailure("refuses a connection without credentials, or does not speak SOCKS 5")),
                Row.of(
                        "HTTP",
                        peer -> {
                            peer.body(3);
                            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                            peer.silence();
                        },
                        permanentFailure("does not speak SOCKS 5")),
                Row.of(
                        "garbage after the greeting",
                        choosing(0, "garbage"),
                        transientFailure("does not speak SOCKS 5")),
                Row.of(
                        "FIN before the tunnel",
                        peer -> {
                            peer.body(3);
                            peer.fin();
                        },
                        transientFailure("connection lost before the tunnel was open")),
                Row.of(
                        "RST before the tunnel",
                        peer -> {
                            peer.body(3);
                            peer.rst();
                        },
                        transientFailure("connection lost before the tunnel was open")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("proxiesOverSocks")
    void reportsNothingSentWhenSocksProxyOpensNoTunnel(Row row) {
        RawServer proxy = server(row.script());

        assertRefused(row, "http", socks(proxy));
        assertRefused(row, "https", socks(proxy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void callsServerThroughTunnelOfSocksProxy(String scheme) {
        RawServer origin = origin(scheme);
        TestProxy open = TestProxy.socks(origin, null);
        TestProxy closed = TestProxy.socks(origin, "alice:" + PASSWORD);
        String uri = scheme + "://api.invalid:" + origin.port();

        callThreeTimes(client(uri, socks(server(open))));
        callThreeTimes(client(uri, socks(server(closed)).withCredentials("alice", Secret.of(PASSWORD))));

        assertThat(open.targets()).containsExactly("api.invalid:" + origin.port());
        assertThat(closed.targets()).containsExactly("api.invalid:" + origin.port());
    }

    @Test
    void asksSocksProxyForAddressAsSuch() {
        RawServer origin = origin("http");
        TestProxy script = TestProxy.socks(origin, null);

        callThreeTimes(client("http://192.0.2.7:8080", socks(server(script))));

        assertThat(script.targets()).containsExactly("192.0.2.7:8080");
    }

    private void assertRefused(Row row, String scheme, ProxyOptions options) {
        ApiException failure =
                failureOf(client(scheme + "://api.invalid:9", options).value(request(Method.POST)));

        assertTold(failure, row.told());
        assertThat(failure).hasMessageContaining("proxy " + options.https());
        assertThat(failure.status()).isZero();
        assertThat(failure.journey().attempts()).hasSize(row.told().posts());
        if (row.told().retryability() == PERMANENT) {
            assertThat(failure.remedy()).isNotBlank();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("proxiesOverHttp")
    void reportsNothingSentWhenHttpProxyOpensNoTunnel(Row row) {
        RawServer proxy = server(row.script());

        assertRefused(row, "http", http(proxy));
        assertRefused(row, "https", http(proxy));
    }

    @ParameterizedTest
    @EnumSource(ProxyOptions.Protocol.class)
    void reportsTimeoutOfSilentProxy(ProxyOptions.Protocol protocol) {
        RawServer proxy = server(RawServer.Peer::silence);
        ProxyOptions options = protocol == ProxyOptions.Protocol.HTTP ? http(proxy) : socks(proxy);

        ApiException failure = failureOf(client(
                        "https://api.invalid",
                        b -> b.connections(through(options).withConnectTimeout(Duration.ofMillis(150))))
                .value(request(Method.POST)));

        assertTold(
                failure,
                new Told(
                        ErrorKind.CONNECT,
                        Phase.CONNECT,
                        NOT_SENT,
                        TRANSIENT,
                        "opening the tunnel took longer than 150 ms",
                        2,
                        2));
    }

    @Test
    void namesProxyThatRefusesConnections() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            ApiException failure =
                    failureOf(client("https://api.invalid", ProxyOptions.http("127.0.0.1", port.number()))
                            .value(request(Method.POST)));

            assertTold(failure, transientFailure("proxy http://127.0.0.1:" + port.number() + ": connection refused"));
        }
    }

    @Test
    void namesProxyThatIsNotResolved() {
        ApiException failure = failureOf(client("https://127.0.0.1", ProxyOptions.http("no-such-proxy.invalid", 3128))
                .value(request(Method.GET)));

        assertTold(failure, transientFailure("proxy http://no-such-proxy.invalid:3128: host name not resolved"));
    }

    @Test
    void reportsLossInsideTunnelLikeAnyOther() {
        RawServer proxy = server(peer -> {
            peer.head();
            peer.send(OPEN);
            peer.head();
            peer.fin();
        });
        RawServer closing = server(peer -> {
            peer.head();
            peer.send(OPEN);
            peer.fin();
        });

        assertTold(
                failureOf(client("http://api.invalid", http(proxy)).value(request(Method.POST))),
                new Told(
                        ErrorKind.CONNECTION_LOST,
                        null,
                        MAYBE_PROCESSED,
                        TRANSIENT,
                        "connection closed before the response",
                        2,
                        1));
        assertTold(
                failureOf(client("https://api.invalid", http(closing)).value(request(Method.POST))),
                new Told(ErrorKind.TLS, null, NOT_SENT, TRANSIENT, "connection lost inside the TLS handshake", 2, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void hidesRefusedCredentials(String scheme) {
        RawServer origin = origin("http");
        RawServer proxy = server(
                scheme.equals("http") ? TestProxy.http(origin, "alice:other") : TestProxy.socks(origin, "alice:other"));
        ProxyOptions options = ProxyOptions.of(scheme + "://alice:" + PASSWORD + "@127.0.0.1:" + proxy.port());

        try (LogCapture logs = LogCapture.ofEverything().at(Level.DEBUG).start()) {
            ApiException failure =
                    failureOf(client("http://api.invalid", options).value(request(Method.POST)));

            assertTold(failure, permanentFailure("refuses the "));
            assertThat(failure.remedy()).contains("verify the user and password");
            assertThat(failure.toString()
                            + failure.journey().timeline()
                            + failure.getCause()
                            + options
                            + options.https())
                    .doesNotContain(PASSWORD)
                    .doesNotContain("alice");
            assertThat(logs.text()).doesNotContain(PASSWORD);
        }
        assertThat(origin.connections()).isZero();
    }

    @Test
    void refusesRequestWithCredentialsForProxy() {
        assertThatThrownBy(() -> request(Method.GET).header("Proxy-Authorization", "Basic abc"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageNotContaining("abc");
    }
}
