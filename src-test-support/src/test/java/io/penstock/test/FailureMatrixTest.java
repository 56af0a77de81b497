package io.penstock.test;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Certainty.PROCESSED;
import static io.penstock.error.Certainty.REJECTED;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ProxyOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** The failures of a server on every way to it: the protocol and the proxies change neither kind, certainty nor sends. */
class FailureMatrixTest extends FailureTable {

    private static final String HOST = "api.invalid";

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    /** What the server speaks. */
    private enum Protocol {
        HTTP_1_1(HttpVersion.HTTP_1_1, false),
        HTTP_1_1_OVER_TLS(HttpVersion.HTTP_1_1, true),
        HTTP_2(HttpVersion.NEGOTIATED, true),
        HTTP_2_WITHOUT_TLS(HttpVersion.HTTP_2, false);

        private final HttpVersion version;
        private final boolean secure;

        Protocol(HttpVersion version, boolean secure) {
            this.version = version;
            this.secure = secure;
        }

        boolean isHttp1() {
            return version == HttpVersion.HTTP_1_1;
        }

        /** Returns what fails when this is spoken. */
        List<Row> rows() {
            return isHttp1() ? http1Rows() : Http2FailuresTest.table();
        }

        ServerSocketFactory sockets() {
            if (!secure) {
                return ServerSocketFactory.getDefault();
            }
            return isHttp1()
                    ? certificate.server().getServerSocketFactory()
                    : Http2Test.offering(certificate, "h2", "http/1.1");
        }
    }

    /** How the client reaches it. */
    private enum Way {
        DIRECT,
        CONNECT,
        SOCKS5
    }

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.of(directory, "dns:" + HOST);
    }

    private static RawServer.Script ending(String answer, boolean orderly) {
        return peer -> {
            peer.request();
            peer.send(answer);
            if (orderly) {
                peer.fin();
            } else {
                peer.rst();
            }
        };
    }

    private static Told lost(Certainty certainty, String message) {
        return new Told(ErrorKind.CONNECTION_LOST, null, certainty, TRANSIENT, message, 2, 1);
    }

    private static Told garbage(Certainty certainty, String where) {
        return new Told(ErrorKind.PROTOCOL_VIOLATION, null, certainty, TRANSIENT, "does not speak HTTP " + where, 2, 1);
    }

    private static List<Row> http1Rows() {
        String half = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"n\"";
        String chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        String refused = "HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 80\r\n\r\n{\"err";
        return List.of(
                Row.of("FIN without a byte", ending("", true), lost(MAYBE_PROCESSED, "before the response")),
                Row.of("RST without a byte", ending("", false), lost(MAYBE_PROCESSED, "before the response")),
                Row.of(
                        "FIN inside the head",
                        ending("HTTP/1.1 20", true),
                        lost(MAYBE_PROCESSED, "before the response")),
                Row.of(
                        "garbage",
                        ending("\0\1\2 this is no HTTP\r\n\r\n", true),
                        garbage(MAYBE_PROCESSED, "before the response")),
                Row.of("FIN inside a body with length", ending(half, true), lost(PROCESSED, "inside the body")),
                Row.of("FIN inside a chunk", ending(chunk + "50\r\n{\"n\"", true), lost(PROCESSED, "inside the body")),
                Row.of(
                        "a chunk size that is no number",
                        ending(chunk + "zz\r\n{}\r\n0\r\n\r\n", true),
                        garbage(PROCESSED, "inside the body")),
                Row.of(
                        "FIN inside the body of a 422",
                        ending(refused, true),
                        new Told(ErrorKind.VALIDATION, null, REJECTED, PERMANENT, "422", 1, 1)));
    }

    static Stream<Arguments> cells() {
        return cells(List.of(Protocol.values()));
    }

    /** Returns the cells of what the transport over {@code HttpClient} speaks. */
    static Stream<Arguments> cellsOfHttp1() {
        return cells(List.of(Protocol.HTTP_1_1, Protocol.HTTP_1_1_OVER_TLS));
    }

    private static Stream<Arguments> cells(List<Protocol> protocols) {
        return protocols.stream()
                .flatMap(protocol -> Arrays.stream(Way.values())
                        .flatMap(way -> protocol.rows().stream()
                                .flatMap(row -> Stream.of(Method.GET, Method.POST)
                                        .map(method -> Arguments.of(protocol, way, row, method)))));
    }

    private ConnectionOptions reaching(RawServer origin, Protocol protocol, Way way) {
        ConnectionOptions trusting = ConnectionOptions.standard()
                .withHttp(protocol.version)
                .withTrusted(List.of(certificate.certificate()))
                .withResolver(host -> Mono.just(List.of(InetAddress.getLoopbackAddress())));
        return switch (way) {
            case DIRECT -> trusting.withProxy(ProxyOptions.none());
            case CONNECT ->
                trusting.withProxy(ProxyOptions.http(
                        "proxy.invalid", server(TestProxy.http(origin, null)).port()));
            case SOCKS5 ->
                trusting.withProxy(ProxyOptions.socks5(
                        "proxy.invalid", server(TestProxy.socks(origin, null)).port()));
        };
    }

    @ParameterizedTest(name = "{0}, {1}, {3}: {2}")
    @MethodSource("cells")
    void reportsFailureOfServerOnEveryWay(Protocol protocol, Way way, Row row, Method method) {
        RawServer origin = watched(RawServer.start(protocol.sockets(), row.script()));
        ApiClient client = client(
                (protocol.secure ? "https://" : "http://") + HOST + ":" + origin.port(),
                b -> b.connections(reaching(origin, protocol, way)));
        int sends = row.told().sends(method);

        ApiException failure = failureOf(client.value(request(method)));

        assertTold(failure, row.told());
        Eventually.until(() -> origin.requests() >= sends);
        assertThat(origin.requests()).as("requests at the server").isEqualTo(sends);
        assertThat(failure.journey().attempts()).hasSize(sends);
        Eventually.until(() -> client.inspect().connections().stream()
                .allMatch(pool -> pool.active() == 0
                        && pool.pending() == 0
                        && (pool.idle() == 0 || !protocol.isHttp1()))); // a stream that fails costs no connection
    }
}
