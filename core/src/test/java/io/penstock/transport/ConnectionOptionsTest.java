package io.penstock.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.transport.ConnectionOptions.Http;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ConnectionOptions.Opening;
import io.penstock.transport.ConnectionOptions.Pool;
import io.penstock.transport.ConnectionOptions.Tls;
import io.penstock.transport.netty.NettyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionOptionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Http HTTP = new Http(HttpVersion.HTTP_1_1, 100, Duration.ofSeconds(10));

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, -1"})
    void refusesInvalidPoolSize(int connections, int pending) {
        assertThatThrownBy(() -> ConnectionOptions.standard().withPool(connections, pending, SECOND))
                .matches(ErrorKind.INVALID_CONFIGURATION)
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
                        new Opening(connect, null),
                        new Tls(tls, List.of(), null, List.of(), List.of()),
                        ProxyOptions.none(),
                        HTTP))
                .matches(ErrorKind.INVALID_CONFIGURATION)
                .hasMessage(message + " (expected: 1 ms to 24 days)");
    }

    @Test
    void acceptsSmallestValuesThatTransportTakes() {
        ConnectionOptions smallest = new ConnectionOptions(
                new Pool(1, 0, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)),
                new Opening(Duration.ofMillis(1), null),
                new Tls(Duration.ofMillis(1), List.of(), null, List.of(), List.of()),
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
                        new Opening(Duration.ofSeconds(2), null),
                        new Tls(Duration.ofSeconds(10), List.of(), null, List.of(), List.of()),
                        ProxyOptions.none(),
                        HTTP));
        assertThat(ConnectionOptions.standard().withTlsTimeout(SECOND).tls().tlsTimeout())
                .isEqualTo(SECOND);
    }

    @Test
    void changesVersionOfHttpAndLimitsAlone() {
        ConnectionOptions changed =
                ConnectionOptions.standard().withHttp(HttpVersion.NEGOTIATED).withHttp2Limits(7, SECOND);

        assertThat(changed.http()).isEqualTo(new Http(HttpVersion.NEGOTIATED, 7, SECOND));
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
                .matches(ErrorKind.INVALID_CONFIGURATION)
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
                .matches(ErrorKind.INVALID_CONFIGURATION)
                .hasMessage("trusted: no certificate (expected: at least one)");
        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(noCertificate))
                .matches(ErrorKind.INVALID_CONFIGURATION);
        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(directory.resolve("none.pem")))
                .matches(ErrorKind.INVALID_CONFIGURATION)
                .hasMessageContaining("none.pem cannot be read (NoSuchFileException; expected: a file of X.509");
    }
}
