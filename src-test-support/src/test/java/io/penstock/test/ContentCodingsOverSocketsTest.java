package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.StreamServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Content codings over real sockets: the codings requested, those decoded, and those rejected. */
@ExtendWith(NoBufferLeaks.class)
class ContentCodingsOverSocketsTest {

    record Item(int id) {}

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JSON = "{\"items\":[" + "{\"id\":7},".repeat(5000) + "{\"id\":8}]}";
    private static final ApiRequest<byte[]> BYTES = ApiRequest.get("x").as(Payload.bytes());
    private static final ApiRequest<ByteBuffer> PARTS = ApiRequest.get("x").as(Payload.parts());
    private static final ApiRequest<ByteBuffer> STORED = ApiRequest.get("x").as(Payload.storedParts());
    private static final ApiRequest<JsonNode> TREE = ApiRequest.get("x");
    private static final ApiRequest<Item> ELEMENTS = ApiRequest.get("x").as(Payload.elementsAt("/items", Item.class));

    @TempDir
    Path dir;

    private final StreamServer server = StreamServer.start();
    private final ApiClient client = ApiClient.builder(VendorSpec.generic("api", server.origin())
                    .withErrors(new ErrorModel(ErrorShape.nestedError(), new ErrorTable(Map.of()), ApiException::new)))
            .retry(RetryPolicy.standard()
                    .withMaxAttempts(2)
                    .withBackoff(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0)))
            .build();

    @AfterEach
    void everyConnectionCameBack() {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    private void serve(int status, String headers, byte[] body) {
        server.put("/x", (request, wire) -> {
            wire.send("HTTP/1.1 " + status + " Fine\r\ncontent-length: " + body.length + "\r\n" + headers + "\r\n\r\n");
            wire.send(body, 0, body.length);
        });
    }

    private static byte[] plain() {
        return JSON.getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] parts(ApiRequest<ByteBuffer> request) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        client.stream(request)
                .doOnNext(part -> {
                    byte[] bytes = new byte[part.remaining()];
                    part.get(bytes);
                    all.writeBytes(bytes);
                })
                .blockLast(PATIENCE);
        return all.toByteArray();
    }

    private static ApiException failure(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat(failure).as("the call should have failed").isNotNull();
        return failure;
    }

    private List<Mono<?>> calls() {
        return List.of(
                client.value(BYTES),
                client.stream(PARTS).then(),
                client.value(TREE),
                client.stream(ELEMENTS).then());
    }

    @Test
    void asksForBytesWithoutCodingAndForJsonInGzip() {
        serve(200, "content-type: application/json", plain());
        client.value(BYTES).block(PATIENCE);
        parts(PARTS);
        parts(STORED);
        client.download(ApiRequest.get("x"), dir.resolve("f")).block(PATIENCE);
        client.value(TREE).block(PATIENCE);
        client.stream(ELEMENTS).blockLast(PATIENCE);
        assertThat(server.requests())
                .extracting(request -> request.headers().get("accept-encoding"))
                .containsExactly("identity", "identity", "identity", "identity", "gzip", "gzip");
    }

    @Test
    void keepsAskingForNoCodingAfterRedirect() {
        serve(200, "content-type: text/plain", plain());
        server.put(
                "/moved",
                (request, wire) -> wire.send("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"));
        client.value(ApiRequest.get("moved").followRedirects(1).as(Payload.bytes()))
                .block(PATIENCE);
        assertThat(server.requests())
                .extracting(request -> request.headers().get("accept-encoding"))
                .containsExactly("identity", "identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "snappy", "gzip, gzip", "br, gzip", "BR"})
    void namesUnsupportedContentCoding(String coding) {
        serve(
                200,
                "content-type: application/json\r\ncontent-encoding: " + coding,
                "\u000b\u0002\u0080hello\u0003".getBytes(StandardCharsets.ISO_8859_1));
        for (Mono<?> call : calls()) {
            ApiException failure = failure(call);
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
            assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
            assertThat(failure.status()).isEqualTo(200);
            assertThat(failure).hasMessageContaining("content coding " + coding.toLowerCase(Locale.ROOT));
        }
        assertThat(server.requests()).as("nothing is sent again").hasSize(4);
    }

    @Test
    void readsTwoCodingHeaderLinesAsTwoCodings() throws IOException {
        serve(
                200,
                "content-encoding: gzip\r\ncontent-encoding: gzip",
                Codings.coded("gzip", Codings.coded("gzip", plain())));
        for (Mono<?> call : calls()) {
            assertThat(failure(call)).hasMessageContaining("content coding gzip, gzip");
        }
    }

    @Test
    void acceptsAnyCodingOfIgnoredOrStoredBody() {
        serve(200, "content-encoding: br", new byte[] {1, 2, 3});
        client.value(ApiRequest.get("x").as(Payload.none())).block(PATIENCE);
        assertThat(parts(STORED)).containsExactly(1, 2, 3);
    }

    @Test
    void keepsStatusOfErrorInUnsupportedCoding() {
        serve(404, "content-type: application/json\r\ncontent-encoding: br", new byte[] {11, 2, 3, 4});
        ApiException failure = failure(client.value(TREE));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(failure).hasMessageContaining("content coding br");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zlib", "bare"})
    void decodesUnrequestedCodingAndChecksItsEnd(String format) throws IOException {
        byte[] stored = Codings.coded(format, plain());
        String header = "content-encoding: " + (format.equals("gzip") ? "gzip" : "deflate");
        serve(200, header, stored);
        assertThat(client.value(BYTES).block(PATIENCE)).isEqualTo(plain());
        assertThat(parts(PARTS)).isEqualTo(plain());
        assertThat(parts(STORED)).isEqualTo(stored);
        assertThat(client.value(TREE).block(PATIENCE).path("items")).hasSize(5001);
        assertThat(client.stream(ELEMENTS).count().block(PATIENCE)).isEqualTo(5001);

        for (int cut : new int[] {1, 2, 5, 20, stored.length / 2, stored.length - 1}) {
            serve(200, header, Arrays.copyOf(stored, cut));
            for (Mono<?> call : calls()) {
                ApiException failure = failure(call);
                assertThatObject(failure.kind())
                        .as("%d bytes: %s", cut, failure)
                        .isEqualTo(ErrorKind.UNDECODABLE);
                assertThat(failure).hasMessageContaining("compressed body");
            }
        }
    }

    @Test
    void retriesTruncatedBodyWithoutLength() throws IOException {
        byte[] stored = Codings.coded("gzip", plain());
        server.put("/x", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\n\r\n");
            wire.send(stored, 0, server.requests().size() == 1 ? stored.length - 5 : stored.length);
        });
        assertThat(client.value(BYTES).block(PATIENCE)).as("sent again").isEqualTo(plain());
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void decodesErrorOfRequestForStoredBytes() throws IOException {
        String body = "{\"error\":{\"code\":\"gone\",\"message\":\"no longer there\"}}";
        serve(
                404,
                "content-type: application/json\r\ncontent-encoding: gzip",
                Codings.coded("gzip", body.getBytes(StandardCharsets.US_ASCII)));
        ApiException failure = failure(client.download(ApiRequest.get("x"), dir.resolve("f")));
        assertThat(failure.bodyExcerpt()).contains("no longer there");
    }

    /** A compressed body may be an error answer of the API instead of the requested file. */
    @Test
    void detectsErrorEnvelopeInCompressedSuccess() throws IOException {
        String body = "{\"error\":{\"code\":\"gone\",\"message\":\"no longer there\"}}";
        serve(
                200,
                "content-type: application/json\r\ncontent-encoding: gzip",
                Codings.coded("gzip", body.getBytes(StandardCharsets.US_ASCII)));
        assertThat(failure(client.download(ApiRequest.get("x"), dir.resolve("f"))))
                .hasMessageContaining("no longer there");
        assertThat(failure(client.value(BYTES))).hasMessageContaining("no longer there");
        assertThat(dir).isEmptyDirectory();
    }
}
