package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Redirects and 304 on the wire: forwarded headers and bodies, and reuse of the connection. */
class RedirectsOverSocketsTest extends ClientOverSockets {

    private static final String NOT_MODIFIED =
            "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nContent-Length: 1234\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    @TempDir
    private Path directory;

    private final List<String> heads = new CopyOnWriteArrayList<>();

    private ApiClient to(RawServer server) {
        return client(b -> ApiClient.builder(
                        VendorSpec.generic("api", URI.create("http://" + server.authority() + "/v1/")))
                .secret(Secret.of("pk_live_0123456789abcdef"))
                .retry(FAST));
    }

    /** A response is emitted shortly before its connection is back in the pool. */
    private void awaitIdleConnections() {
        Eventually.asserted(() -> assertThat(client().inspect().connections())
                .allSatisfy(pool -> assertThat(pool.active()).isZero()));
    }

    private static String moved(int status, String location) {
        return "HTTP/1.1 " + status + " Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    /** Answers the first request with the given text and all others with 200; reads the body of each request. */
    private RawServer answering(String first) {
        return RawServer.start(peer -> {
            for (; ; ) {
                String head = peer.head();
                heads.add(head);
                String lower = head.toLowerCase(Locale.ROOT);
                int at = lower.indexOf("content-length:");
                if (at >= 0) {
                    int from = at + "content-length:".length();
                    peer.body(Integer.parseInt(
                            head.substring(from, head.indexOf('\r', from)).strip()));
                } else if (lower.contains("transfer-encoding: chunked")) {
                    peer.chunks();
                }
                peer.send(heads.size() == 1 ? first : OK);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void keepsConnectionAfterNotModifiedDespiteAnnouncedLength(int redirects) throws IOException {
        try (RawServer server = answering(NOT_MODIFIED)) {
            ApiRequest<JsonNode> request =
                    ApiRequest.get("a").header("if-none-match", "\"v1\"").followRedirects(redirects);

            ApiResponse<JsonNode> unchanged = to(server).execute(request).block(PATIENCE);
            awaitIdleConnections();
            ApiResponse<JsonNode> next = to(server).execute(request).block(PATIENCE);

            assertThat(unchanged).isNotNull();
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.value()).isNull();
            assertThat(unchanged.headers().first("etag")).isEqualTo("\"v1\"");
            assertThat(next).isNotNull();
            assertThat(next.status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void leavesNoFileOfUnchangedDownload() throws IOException {
        try (RawServer server = answering(NOT_MODIFIED)) {
            Path file = directory.resolve("a.bin");
            ApiException failure =
                    failureOf(to(server).download(ApiRequest.get("a").header("if-none-match", "\"v1\""), file));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
            assertThat(failure.status()).isEqualTo(304);
            try (var left = Files.list(directory)) {
                assertThat(left).isEmpty();
            }
            awaitIdleConnections();
            to(server).value(ApiRequest.get("b")).block(PATIENCE);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsRedirectWithinOriginWithCredential(int status) throws IOException {
        try (RawServer server = answering(moved(status, "/repositories/17"))) {
            to(server)
                    .value(ApiRequest.get("repos/old/name").followRedirects(1))
                    .block(PATIENCE);

            assertThat(heads).hasSize(2);
            assertThat(heads.get(1))
                    .startsWith("GET /repositories/17 HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nauthorization: Bearer pk_live_0123456789abcdef\r\n")
                    .containsIgnoringCase("\r\nuser-agent: penstock\r\n");
        }
    }

    @Test
    void encodesBytesOfRedirectTargetAsUtf8() throws IOException {
        String utf8 = new String("/café".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (RawServer server = answering(moved(302, utf8))) {
            to(server).value(ApiRequest.get("a").followRedirects(1)).block(PATIENCE);

            assertThat(heads.get(1)).startsWith("GET /caf%C3%A9 HTTP/1.1\r\n");
        }
    }

    @Test
    void sendsNoCredentialToAnotherPort() throws IOException {
        try (RawServer other = answering(OK);
                RawServer server = answering(moved(307, "http://" + other.authority() + "/a"))) {
            to(server)
                    .value(ApiRequest.get("a").header("x-a", "b").followRedirects(1))
                    .block(PATIENCE);

            assertThat(heads).hasSize(2);
            assertThat(heads.get(1)).doesNotContainIgnoringCase("authorization").doesNotContainIgnoringCase("x-a");
        }
    }

    @Test
    void followsRedirectOfFileWithMethodAndBody() throws IOException {
        Path file = Files.writeString(directory.resolve("body.txt"), "all of it");
        try (RawServer server = answering(moved(307, "/new"))) {
            to(server)
                    .value(ApiRequest.post("old")
                            .body(Upload.file(file, "text/plain"))
                            .followRedirectsWithBody(1))
                    .block(PATIENCE);

            assertThat(heads.get(1))
                    .startsWith("POST /new HTTP/1.1\r\n")
                    .containsIgnoringCase("content-type: text/plain")
                    .containsIgnoringCase("content-length: 9");
        }
    }

    @Test
    void failsWhenRedirectNeedsConsumedBody() throws IOException {
        try (RawServer server = answering(moved(307, "/new"))) {
            ApiException failure = failureOf(to(server)
                    .value(ApiRequest.post("old")
                            .body(Upload.stream(
                                    Flux.just(ByteBuffer.wrap(new byte[] {1, 2, 3})), "application/octet-stream"))
                            .followRedirectsWithBody(1)));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
            assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
            assertThat(heads).hasSize(1);
        }
    }
}
