package io.penstock.test.simulator;

import static io.penstock.test.simulator.CountingApi.BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The limit is for a fault that is never consumed: two of the bodies here have no end in practice. */
@Timeout(60)
class FaultTest {

    private final CountingApi api = new CountingApi();
    private final SimulatorServer server = SimulatorServer.start(0, api);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void leavesAnswerAndEffectUnchangedWithoutFault() throws Exception {
        HttpResponse<String> response = post(BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo(BODY);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValueAsLong("content-length")).hasValue(BODY.length());
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void answersStatusInVendorFormWithoutActing() throws Exception {
        HttpResponse<String> response = postWith(Fault.status(503), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"error\":503}");
        assertThat(response.headers().firstValue("x-vendor")).hasValue("refused");
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void answersScriptedStatusWithoutActing() throws Exception {
        HttpResponse<String> response = postWith(
                Fault.status(429, Map.of("Retry-After", "7"), "text/plain", "slow down"), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).isEqualTo("slow down");
        assertThat(response.headers().firstValue("retry-after")).hasValue("7");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void actsAfterDelay() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> response = postWith(Fault.delay(Duration.ofMillis(200)), BodyHandlers.ofString());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void actsAfterDelayEvenIfClientHasLeft() throws Exception {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            server.faults().next(Fault.delay(Duration.ofMillis(300)));
            try (Socket socket = WireExchange.open(server.origin())) {
                socket.getOutputStream().write(WireExchange.POST.getBytes(StandardCharsets.UTF_8));
                Eventually.until(() -> server.requests().count() == 1);
            }
            assertThat(api.effects.count()).isZero();
            Eventually.until(() -> {
                time.advanceTimeBy(Duration.ofMillis(300));
                return api.effects.count() == 1;
            });
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void resetsBeforeActing() throws IOException {
        WireExchange seen = exchange(Fault.resetBeforeRequestActs());
        assertThat(seen).isEqualTo(new WireExchange("", true));
        assertThat(api.effects.count()).isZero();
        assertThat(server.requests().count()).isEqualTo(1);
    }

    @Test
    void resetsAfterActingWithoutAnswer() throws IOException {
        WireExchange seen = exchange(Fault.resetAfterEffect());
        assertThat(seen).isEqualTo(new WireExchange("", true));
        assertThat(api.effects.count("POST /things")).isEqualTo(1);
    }

    @Test
    void closesAfterActingWithoutAnswer() throws IOException {
        WireExchange seen = exchange(Fault.closeAfterEffect());
        assertThat(seen).isEqualTo(new WireExchange("", false));
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void resetsInsideBodyAfterFirstBytes() throws IOException {
        WireExchange seen = exchange(Fault.resetInsideBody(5));
        assertThat(seen.head())
                .isEqualTo("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nx-vendor: acted\r\n"
                        + "Content-Length: " + BODY.length());
        assertThat(seen.body()).isEqualTo(BODY.substring(0, 5));
        assertThat(seen.reset()).isTrue();
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void truncatesBodyAndClosesOrderly() throws IOException {
        WireExchange seen = exchange(Fault.truncateBody(7));
        assertThat(seen.head()).contains("Content-Length: " + BODY.length());
        assertThat(seen.body()).isEqualTo(BODY.substring(0, 7));
        assertThat(seen.reset()).isFalse();
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void sendsWholeBodyShorterThanTruncation() throws IOException {
        assertThat(exchange(Fault.truncateBody(1_000)).body()).isEqualTo(BODY);
    }

    @Test
    void truncatesResponseInsideHead() throws IOException {
        assertThat(exchange(Fault.truncateResponse(10))).isEqualTo(new WireExchange("HTTP/1.1 2", false));
        assertThat(exchange(Fault.truncateResponse(0))).isEqualTo(new WireExchange("", false));
        assertThat(exchange(Fault.truncateResponse(10_000)).body()).isEqualTo(BODY);
        assertThat(api.effects.count()).isEqualTo(3);
    }

    @Test
    void delimitsBodyByCloseWithoutLengthOrChunks() throws IOException {
        WireExchange seen = exchange(Fault.closeDelimitedBody(9));
        assertThat(seen.head())
                .startsWith("HTTP/1.1 201 ")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
        assertThat(seen.body()).isEqualTo(BODY.substring(0, 9));
        assertThat(seen.reset()).isFalse();
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void answersHtmlPageWithoutActing() throws Exception {
        HttpResponse<String> response = postWith(Fault.htmlPage(200), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(response.body()).startsWith("<!DOCTYPE html>");
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void replacesOnlyContentType() throws Exception {
        HttpResponse<String> response = postWith(Fault.contentType("text/plain"), BodyHandlers.ofString());
        assertThat(response.headers().allValues("content-type")).containsExactly("text/plain");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo(BODY);
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void answersLargeBodyAsJsonStringOfGivenSize() throws Exception {
        HttpResponse<String> response = postWith(Fault.largeBody(500, 3_000_000), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("transfer-encoding")).hasValue("chunked");
        assertThat(response.body().equals("\"" + "x".repeat(3_000_000) + "\"")).isTrue();
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void generatesLargeBodyOnDemand() throws Exception {
        long tenTerabytes = 10_000_000_000_000L;
        HttpResponse<InputStream> response = postWith(Fault.largeBody(200, tenTerabytes), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(new String(body.readNBytes(3), StandardCharsets.UTF_8)).isEqualTo("\"xx");
        }
        assertThat(post(BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    }

    @Test
    void answersGarbageInsteadOfHttp() throws IOException {
        WireExchange seen = exchange(Fault.garbage());
        assertThat(seen.bytes()).isNotEmpty().doesNotContain("HTTP/");
        assertThat(seen.reset()).isFalse();
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void compressesNormalBodyWithGzip() throws Exception {
        HttpResponse<InputStream> response = postWith(Fault.gzip(), BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        try (InputStream body = new GZIPInputStream(response.body())) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(BODY);
        }
        assertThat(api.effects.count()).isEqualTo(1);
    }

    @Test
    void answersGzipBombOfExactDecodedSize() throws Exception {
        long decoded = 20_000_001;
        HttpResponse<byte[]> response = postWith(Fault.gzipBomb(decoded), BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(response.body().length).isLessThan(100_000);
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
        assertThat(plain.length).isEqualTo(decoded);
        assertThat(plain[0]).isEqualTo((byte) '"');
        assertThat(plain[1]).isEqualTo((byte) 'x');
        assertThat(plain[plain.length - 1]).isEqualTo((byte) '"');
        assertThat(api.effects.count()).isZero();
    }

    @Test
    void generatesGzipBombOnDemand() throws Exception {
        HttpResponse<InputStream> response =
                postWith(Fault.gzipBomb(10_000_000_000_000L), BodyHandlers.ofInputStream());
        try (InputStream body = new GZIPInputStream(response.body())) {
            assertThat(new String(body.readNBytes(3), StandardCharsets.UTF_8)).isEqualTo("\"xx");
        }
        assertThat(post(BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    }

    @Test
    void rejectsImpossibleNumbersByName() {
        assertThatThrownBy(() -> Fault.status(99)).hasMessage("status: 99 (expected: 200 to 599)");
        assertThatThrownBy(() -> Fault.truncateBody(-1)).hasMessage("bytes: -1 (expected: >= 0)");
        assertThatThrownBy(() -> Fault.gzipBomb(1)).hasMessage("decodedBytes: 1 (expected: >= 2)");
        assertThatThrownBy(() -> Fault.delay(Duration.ofMillis(-1))).hasMessageStartingWith("before: PT-0.001S");
    }

    @Test
    void describesItselfByFactoryCall() {
        assertThat(Fault.truncateBody(3)).hasToString("truncateBody(3)");
        assertThat(Fault.resetAfterEffect()).hasToString("resetAfterEffect()");
    }

    private WireExchange exchange(Fault fault) throws IOException {
        server.faults().next(fault);
        return WireExchange.of(server.origin(), WireExchange.POST);
    }

    private <T> HttpResponse<T> postWith(Fault fault, BodyHandler<T> handler) throws Exception {
        server.faults().next(fault);
        return post(handler);
    }

    private <T> HttpResponse<T> post(BodyHandler<T> handler) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.origin().resolve("/things"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
                .build();
        return client.send(request, handler);
    }
}
