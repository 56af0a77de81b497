package io.penstock.test;

import static io.penstock.error.Certainty.PROCESSED;
import static io.penstock.error.Certainty.REJECTED;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Failures after the head: a 2xx shows that the server acted, an error status how it judged the request. */
class InsideTheResponseTest extends FailureTable {

    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String NEITHER = "HTTP/1.1 200 OK\r\n\r\n";
    private static final String HALF = "{\"name\": \"on";

    private static Row lost(String name, String answer, boolean orderly) {
        return Row.of(
                (orderly ? "FIN " : "RST ") + name,
                ends(answer, orderly),
                new Told(ErrorKind.CONNECTION_LOST, null, PROCESSED, TRANSIENT, "inside ", 2, 1));
    }

    private static Row noHttp(String name, String answer) {
        return Row.of(
                name,
                ends(answer, true),
                new Told(
                        ErrorKind.PROTOCOL_VIOLATION,
                        null,
                        PROCESSED,
                        TRANSIENT,
                        "does not speak HTTP inside the body",
                        2,
                        1));
    }

    private static RawServer.Script ends(String answer, boolean orderly) {
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

    private static Stream<Row> lostEitherWay(String name, String answer) {
        return Stream.of(lost(name, answer, true), lost(name, answer, false));
    }

    static Stream<Row> rows() {
        return Stream.of(
                        lostEitherWay("before the body's first byte", LENGTH),
                        lostEitherWay("inside a body with length", LENGTH + HALF),
                        lostEitherWay("inside a chunk", CHUNKED + "50\r\n" + HALF),
                        lostEitherWay("inside a chunk's size", CHUNKED + "c\r\n" + HALF + "\r\n5"),
                        lostEitherWay("between two chunks", CHUNKED + "c\r\n" + HALF + "\r\n"),
                        lostEitherWay("before the end of the last chunk", CHUNKED + "2\r\n{}\r\n0\r\n"),
                        lostEitherWay("inside a body without length", NEITHER + HALF),
                        Stream.of(
                                noHttp("a chunk size that is no number", CHUNKED + "zz\r\n{}\r\n0\r\n\r\n"),
                                noHttp("a negative chunk size", CHUNKED + "-2\r\n{}\r\n0\r\n\r\n"),
                                noHttp("a chunk longer than its size", CHUNKED + "2\r\n{}{}\r\n0\r\n\r\n")),
                        errors())
                .flatMap(rows -> rows);
    }

    /** The status of an error is more informative than the loss of its body. */
    private static Stream<Row> errors() {
        String refused = "HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 80\r\n\r\n{\"err";
        return Stream.of(true, false)
                .map(orderly -> Row.of(
                        (orderly ? "FIN" : "RST") + " inside the body of a 422",
                        ends(refused, orderly),
                        new Told(ErrorKind.VALIDATION, null, REJECTED, PERMANENT, "422", 1, 1)));
    }

    @ParameterizedTest(name = "GET: {0}")
    @MethodSource("rows")
    void retriesGet(Row row) {
        assertRow(row, Method.GET);
    }

    @ParameterizedTest(name = "POST: {0}")
    @MethodSource("rows")
    void doesNotRetryPostWithoutKey(Row row) {
        assertRow(row, Method.POST);
    }

    /**
     * A server that refuses an upload may answer before it has read it, and hang up. Its answer, if it was read, wins
     * over the write that then fails; a reset may discard the answer.
     */
    @ParameterizedTest
    @CsvSource({
        "413, VALIDATION,     8,  true",
        "413, VALIDATION,     32, true",
        "401, AUTHENTICATION, 8,  true",
        "401, AUTHENTICATION, 32, true",
        "413, VALIDATION,     32, false",
        "401, AUTHENTICATION, 32, false"
    })
    void prefersEarlyAnswerToTheUploadItCutsOff(int status, ErrorKind kind, int megabytes, boolean orderly) {
        CountDownLatch headRead = new CountDownLatch(1);
        RawServer server = server(peer -> {
            peer.head();
            peer.send("HTTP/1.1 " + status + " No\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
            if (orderly) {
                peer.fin();
            } else {
                await(headRead);
                peer.rst();
            }
        });
        ApiClient client = client(
                "http://" + server.authority(), b -> b.transport(WatchedWire.ofHeads(head -> headRead.countDown())));

        ApiException failure = failureOf(
                client.value(ApiRequest.post("files").body(new byte[megabytes << 20], "application/octet-stream")));

        assertTold(failure, new Told(kind, null, REJECTED, failure.retryability(), status + " ", 1, 1));
        assertThat(server.requests()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the client has not read the head");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** RFC 9112 §9.8: without close_notify, an attacker who cuts the connection decides where such a body ends. */
    @ParameterizedTest
    @CsvSource({
        "'', true, true",
        "'', false, false",
        "'Content-Length: 8\r\n', true, true",
        "'Content-Length: 8\r\n', false, true"
    })
    void acceptsBodyThatEndsWithTlsConnectionOnlyWithCloseNotify(
            String headers, boolean notified, boolean accepted, @TempDir Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.of(directory, "ip:127.0.0.1");
        SSLSocketFactory tls = certificate.server().getSocketFactory();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (Socket wire = server.accept();
                        Socket peer = tls.createSocket(wire, InputStream.nullInputStream(), true)) {
                    InputStream in = peer.getInputStream();
                    for (int last = 0; last != 0x0d0a0d0a; ) {
                        last = last << 8 | in.read();
                    }
                    String answer = "HTTP/1.1 200 OK\r\n" + headers + "\r\n{\"n\": 1}";
                    peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    if (notified) {
                        peer.shutdownOutput();
                    } else {
                        wire.shutdownOutput();
                    }
                    while (in.read() >= 0) {
                        // until the client hangs up
                    }
                } catch (IOException hungUp) {
                    // the client has gone
                }
            });
            ApiClient client = client(
                    "https://127.0.0.1:" + server.getLocalPort(),
                    b -> b.connections(ConnectionOptions.standard().withTrusted(List.of(certificate.certificate()))));
            Mono<byte[]> call = client.value(request(Method.POST).as(Payload.bytes()));

            if (accepted) {
                assertThat(call.block(PATIENCE)).asString().isEqualTo("{\"n\": 1}");
            } else {
                ApiException failure = failureOf(call);
                assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
                assertThat(failure.certainty()).isEqualTo(PROCESSED);
            }
            assertThat(serving).succeedsWithin(PATIENCE);
        }
    }
}
