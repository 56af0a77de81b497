package io.penstock.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.transport.ConnectionOptions.Http;
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
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionOptionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Http HTTP = new Http(32 * 1024);

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
                        connect,
                        new Tls(tls, List.of(), null, List.of(), List.of()),
                        ProxyOptions.none(),
                        null,
                        HTTP))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(message + " (expected: 1 ms to 24 days)");
    }

    @Test
    void acceptsSmallestValuesThatTransportTakes() {
        ConnectionOptions smallest = new ConnectionOptions(
                new Pool(1, 0, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)),
                Duration.ofMillis(1),
                new Tls(Duration.ofMillis(1), List.of(), null, List.of(), List.of()),
                ProxyOptions.none(),
                null,
                HTTP);

        assertThatCode(() -> new NettyTransport(smallest).closeLater().block(Duration.ofSeconds(30)))
                .doesNotThrowAnyException();
    }

    @Test
    void changesOneValuePerWither() {
        assertThat(ConnectionOptions.standard().withPool(7, 8, SECOND).withConnectTimeout(Duration.ofSeconds(2)))
                .isEqualTo(new ConnectionOptions(
                        new Pool(7, 8, SECOND, Duration.ofSeconds(20), Duration.ofMinutes(5)),
                        Duration.ofSeconds(2),
                        new Tls(Duration.ofSeconds(10), List.of(), null, List.of(), List.of()),
                        ProxyOptions.none(),
                        null,
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
}
