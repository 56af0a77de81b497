package io.penstock.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.transport.ConnectionOptions.Connect;
import io.penstock.transport.ConnectionOptions.Http;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ConnectionOptions.Pin;
import io.penstock.transport.ConnectionOptions.Pool;
import io.penstock.transport.ConnectionOptions.Tls;
import io.penstock.transport.ConnectionOptions.Tls.Handshake;
import io.penstock.transport.ConnectionOptions.Tls.Trust;
import io.penstock.transport.ConnectionOptions.TlsEngine;
import io.penstock.transport.netty.HttpTransport;
import io.penstock.transport.netty.NettyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionOptionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Http HTTP = new Http(HttpVersion.HTTP_1_1, 100, Duration.ofSeconds(10), 32 * 1024);

    private static Tls tls(Duration timeout) {
        return new Tls(
                timeout,
                new Trust(List.of(), null, null, List.of()),
                null,
                new Handshake(List.of(), List.of(), null, TlsEngine.JDK, null));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, -1"})
    void refusesInvalidPoolSize(int connections, int pending) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withPool(connections, pending, SECOND))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(
                        "maxConnections: " + connections + ", maxPending: " + pending + " (expected: >= 1 and >= 0)");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT1S, PT1S, PT1S, PT1S, acquireTimeout: PT0S",
        "PT-1S, PT1S, PT1S, PT1S, PT1S, acquireTimeout: PT-1S",
        "PT1S, PT0S, PT1S, PT1S, PT1S, connectTimeout: PT0S",
        "PT1S, PT600H, PT1S, PT1S, PT1S, connectTimeout: PT600H",
        "PT1S, PT0.0001S, PT1S, PT1S, PT1S, connectTimeout: PT0.0001S",
        "PT1S, PT1S, PT0S, PT1S, PT1S, tlsTimeout: PT0S",
        "PT1S, PT1S, PT1S, PT0S, PT1S, maxIdle: PT0S",
        "PT1S, PT1S, PT1S, PT1S, PT-1S, maxLife: PT-1S"
    })
    void refusesDurationOutOfRange(
            Duration acquire, Duration connect, Duration tls, Duration idle, Duration life, String message) {
        assertThatThrownBy(() -> new ConnectionOptions(
                        new Pool(1, 0, acquire, idle, life),
                        new Connect(connect, null, null, null),
                        tls(tls),
                        ProxyOptions.none(),
                        HTTP))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(message + " (expected: 1 ms to 24 days)");
    }

    @Test
    void acceptsSmallestValuesThatTransportTakes() {
        ConnectionOptions smallest = new ConnectionOptions(
                new Pool(1, 0, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)),
                new Connect(Duration.ofMillis(1), null, null, null),
                tls(Duration.ofMillis(1)),
                ProxyOptions.none(),
                HTTP);

        assertThatCode(() -> new NettyTransport(smallest).closeLater().block(Duration.ofSeconds(30)))
                .doesNotThrowAnyException();
    }

    @Test
    void changesOneValuePerWither() {
        assertThat(ConnectionOptions.standard().withPool(7, 8, SECOND).withConnectTimeout(Duration.ofSeconds(2)))
                .isEqualTo(new ConnectionOptions(
                        new Pool(7, 8, SECOND, Duration.ofSeconds(20), Duration.ofMinutes(5)),
                        new Connect(Duration.ofSeconds(2), null, null, null),
                        tls(Duration.ofSeconds(10)),
                        ProxyOptions.none(),
                        HTTP));
        assertThat(ConnectionOptions.standard().withTlsTimeout(SECOND).tls().tlsTimeout())
                .isEqualTo(SECOND);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1023, 16_777_217})
    void refusesHeaderLimitOutOfRange(int bytes) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withMaxResponseHeaderBytes(bytes))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("maxResponseHeaderBytes: " + bytes + " (expected: 1024 to 16777216)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 16_777_216})
    void changesHeaderLimitAlone(int bytes) {
        ConnectionOptions changed = ConnectionOptions.standard().withMaxResponseHeaderBytes(bytes);

        assertThat(changed.http().maxResponseHeaderBytes()).isEqualTo(bytes);
        assertThat(changed.withMaxIdle(SECOND)
                        .withConnectTimeout(SECOND)
                        .withTlsTimeout(SECOND)
                        .http())
                .isEqualTo(changed.http());
        assertThat(changed.withMaxResponseHeaderBytes(32 * 1024)).isEqualTo(ConnectionOptions.standard());
    }

    @Test
    void changesVersionOfHttpAndLimitsAlone() {
        ConnectionOptions changed =
                ConnectionOptions.standard().withHttp(HttpVersion.NEGOTIATED).withHttp2Limits(7, SECOND);

        assertThat(changed.http()).isEqualTo(new Http(HttpVersion.NEGOTIATED, 7, SECOND, 32 * 1024));
        assertThat(changed.withHttp(HttpVersion.HTTP_1_1).withHttp2Limits(100, Duration.ofSeconds(10)))
                .isEqualTo(ConnectionOptions.standard());
        assertThat(changed.withConnectTimeout(Duration.ofSeconds(2))
                        .withMaxIdle(SECOND)
                        .http())
                .isEqualTo(changed.http());
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT1S, maxStreams: 0 (expected: 1 to 10000)",
        "10001, PT1S, maxStreams: 10001 (expected: 1 to 10000)",
        "1, PT0S, pingAfter: PT0S (expected: 1 ms to 24 days)"
    })
    void refusesLimitOfHttp2OutOfRange(int streams, Duration ping, String message) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withHttp2Limits(streams, ping))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(message);
    }

    @Test
    void changesIdleTimeAndLifeAlone() {
        ConnectionOptions standard = ConnectionOptions.standard();
        Pool pool = standard.pool();

        assertThat(standard.withMaxIdle(SECOND).withMaxLife(Duration.ofHours(1)).pool())
                .isEqualTo(new Pool(
                        pool.maxConnections(), pool.maxPending(), pool.acquireTimeout(), SECOND, Duration.ofHours(1)));
        assertThat(standard.withMaxIdle(pool.maxIdle())).isEqualTo(standard);
    }

    @Test
    void refusesEmptyOrUnreadableTrust(@TempDir Path directory) throws IOException {
        Path noCertificate = Files.writeString(directory.resolve("ca.pem"), "no certificate");

        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(List.of()))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("trusted: no certificate (expected: at least one)");
        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(noCertificate))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches);
        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(directory.resolve("none.pem")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("none.pem cannot be read (NoSuchFileException; expected: a file of X.509");
    }

    private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha1/AAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "sha256/AAAA",
                "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
                "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_"
            })
    void refusesPinOfAnotherForm(String pin) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withPins("api.example.com", PIN, pin))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("pins: " + pin + " (expected: sha256/ and the Base64 form of 32 bytes, 44 characters)");
    }

    @Test
    void keepsPinsOfAllHosts() {
        ConnectionOptions options =
                ConnectionOptions.standard().withPins("API.example.com", PIN).withPins("login.example.com", PIN);

        assertThat(options.tls().trust().pins())
                .containsExactly(new Pin("api.example.com", PIN), new Pin("login.example.com", PIN));
        assertThatThrownBy(() -> options.withPins("api.example.com"))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("pins: none for api.example.com (expected: at least one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "127.0.0.1:443", "a..example", "-a.example", "bücher.example", "a b.example"})
    void refusesServerNameThatIsNoHostName(String name) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withServerName(name))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("serverName: ");
    }

    @Test
    void refusesFunctionOverClientThatIsNotUsed() {
        assertThatThrownBy(() -> new NettyTransport(ConnectionOptions.standard().withTcp(tcp -> tcp)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("tcp: ");
        assertThatThrownBy(() -> new HttpTransport(ConnectionOptions.standard().withHttpClient(http -> http)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("httpClient: ");
    }

    @Test
    void refusesSslContextBesideWhatItDecides() throws NoSuchAlgorithmException {
        SSLContext context = SSLContext.getDefault();
        ConnectionOptions options = ConnectionOptions.standard();

        assertThatThrownBy(() -> options.withTlsEngine(TlsEngine.OPENSSL).withSslContext(context))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("sslContext: given beside tlsEngine (expected: one of them");
        assertThatThrownBy(() -> options.withSslContext(context)
                        .withPins("api.example.com", "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("sslContext: given beside pins");
    }
}
