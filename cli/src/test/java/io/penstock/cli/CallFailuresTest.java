package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.ErrorKind;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every exit code, provoked over a real socket. Nothing is sent twice. */
class CallFailuresTest {

    private static final PentifySimulator PENTIFY = PentifySimulator.start();

    @AfterAll
    static void stop() {
        PENTIFY.close();
    }

    @AfterEach
    void clear() {
        PENTIFY.faults().clear();
    }

    private static Run get(String baseUri) {
        return get(baseUri, "1m");
    }

    private static Run get(String baseUri, String deadline) {
        return Run.sendingOnce(
                Map.of("PENSTOCK_PENTIFY_SECRET", PENTIFY.secret()),
                "call",
                "pentify",
                "GET",
                "usage",
                "--deadline",
                deadline,
                "--base-url",
                baseUri);
    }

    private static void assertFailed(Run run, int code, ErrorKind kind) {
        assertThat(run.err()).startsWith("penstock: " + kind + ", ");
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain(PENTIFY.secret());
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.status(401), 3, ErrorKind.AUTHENTICATION),
                Arguments.of(Fault.status(403), 3, ErrorKind.PERMISSION),
                Arguments.of(Fault.status(400), 4, ErrorKind.VALIDATION),
                Arguments.of(Fault.status(402), 4, ErrorKind.PAYMENT_REQUIRED),
                Arguments.of(Fault.status(404), 4, ErrorKind.NOT_FOUND),
                Arguments.of(Fault.status(409), 4, ErrorKind.CONFLICT),
                Arguments.of(Fault.status(410), 4, ErrorKind.GONE),
                Arguments.of(Fault.status(422), 4, ErrorKind.VALIDATION),
                Arguments.of(Fault.status(429), 5, ErrorKind.RATE_LIMITED),
                Arguments.of(Fault.status(500), 6, ErrorKind.SERVER_ERROR),
                Arguments.of(Fault.status(503), 6, ErrorKind.UNAVAILABLE),
                Arguments.of(Fault.resetBeforeRequestActs(), 7, ErrorKind.CONNECTION_LOST),
                Arguments.of(Fault.closeAfterEffect(), 7, ErrorKind.CONNECTION_LOST),
                Arguments.of(Fault.status(408, Map.of(), "text/plain", ""), 8, ErrorKind.TIMEOUT),
                Arguments.of(Fault.delay(Duration.ofHours(1)), 8, ErrorKind.DEADLINE_EXCEEDED),
                Arguments.of(Fault.htmlPage(200), 9, ErrorKind.UNDECODABLE),
                Arguments.of(Fault.status(200, Map.of(), "application/json", "{\"a\":"), 9, ErrorKind.UNDECODABLE),
                Arguments.of(Fault.garbage(), 9, ErrorKind.PROTOCOL_VIOLATION),
                Arguments.of(Fault.largeBody(200, 17 * 1024 * 1024), 9, ErrorKind.RESPONSE_TOO_LARGE),
                Arguments.of(
                        Fault.status(302, Map.of("Location", "/x"), "text/plain", ""), 9, ErrorKind.UNEXPECTED_STATUS));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void exitsWithCodeOfErrorKind(Fault fault, int code, ErrorKind kind) {
        PENTIFY.faults().next(fault);

        String deadline = kind == ErrorKind.DEADLINE_EXCEEDED ? "300ms" : "1m";
        assertFailed(get(PENTIFY.baseUri().toString(), deadline), code, kind);
    }

    @Test
    void reportsConnectFailureWithoutListener() throws IOException {
        try (Socket bound = new Socket()) {
            // No other process gets the bound port, and nothing listens on it.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertFailed(get("http://127.0.0.1:" + bound.getLocalPort()), 7, ErrorKind.CONNECT);
        }
    }

    @Test
    void reportsTlsFailureOfPlainPeer() {
        assertFailed(get(PENTIFY.baseUri().toString().replace("http:", "https:")), 7, ErrorKind.TLS);
    }

    @ParameterizedTest
    @EnumSource
    void documentsExitCodeOfEveryKind(ErrorKind kind) {
        assertThat(ExitCode.explained()).containsKey(Integer.toString(ExitCode.of(kind)));
        assertThat(ExitCode.of(kind)).isNotZero();
    }
}
