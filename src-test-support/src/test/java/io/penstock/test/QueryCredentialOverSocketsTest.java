package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.auth.CredentialScheme;
import io.penstock.http.Secret;
import io.penstock.logging.LogPolicy;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions;
import io.penstock.upload.Upload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** A key in a query parameter on the wire: in each request to its origin, and in no log. */
class QueryCredentialOverSocketsTest extends ClientOverSockets {

    private static final String KEY = "pk live/0123456789&abcdef";
    private static final String ENCODED = "pk%20live%2F0123456789%26abcdef";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    @TempDir
    private Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ApiClient to(String authority, UnaryOperator<ConnectionOptions> connections) {
        VendorSpec spec = VendorSpec.of(
                "api", "API", URI.create("http://" + authority + "/v1/"), CredentialScheme.query("api_key"));
        return client(b -> ApiClient.builder(spec)
                .secret(Secret.of(KEY))
                .logs(LogPolicy.standard().withQueryParameters("api_key", "a").withBodies(100))
                .connections(connections.apply(ConnectionOptions.standard()))
                .retry(FAST));
    }

    /** Answers the first request with the given text and all others with 200, and keeps the request lines. */
    private RawServer answering(String first) {
        return RawServer.start(peer -> {
            for (; ; ) {
                String head = peer.head();
                lines.add(head.substring(0, head.indexOf('\r')));
                int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
                if (at >= 0) {
                    int from = at + "content-length:".length();
                    peer.body(Integer.parseInt(
                            head.substring(from, head.indexOf('\r', from)).strip()));
                }
                peer.send(lines.size() == 1 ? first : OK);
            }
        });
    }

    @Test
    void sendsKeyInTargetOfEveryRequest() throws IOException {
        Path file = Files.writeString(directory.resolve("body.txt"), "all of it");
        try (RawServer server = answering(OK)) {
            ApiClient client = to(server.authority(), c -> c);

            client.value(ApiRequest.get("things")).block(PATIENCE);
            client.value(ApiRequest.get("things").query("a", "b c")).block(PATIENCE);
            client.value(ApiRequest.post("things").body(List.of(1))).block(PATIENCE);
            client.value(ApiRequest.post("files").body(Upload.file(file, "text/plain")))
                    .block(PATIENCE);
            client.value(ApiRequest.get("things").credential(Secret.of("other")))
                    .block(PATIENCE);

            assertThat(lines)
                    .containsExactly(
                            "GET /v1/things?api_key=" + ENCODED + " HTTP/1.1",
                            "GET /v1/things?a=b%20c&api_key=" + ENCODED + " HTTP/1.1",
                            "POST /v1/things?api_key=" + ENCODED + " HTTP/1.1",
                            "POST /v1/files?api_key=" + ENCODED + " HTTP/1.1",
                            "GET /v1/things?api_key=other HTTP/1.1");
        }
    }

    @Test
    void logsKeyAtNoLevel() throws IOException {
        String echo = "{\"error\":\"no such page: /v1/things?api_key=" + ENCODED + "\"}";
        try (LogCapture log = LogCapture.ofEverything().at(Level.DEBUG).start();
                RawServer server =
                        answering("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: "
                                + echo.length() + "\r\n\r\n" + echo)) {
            ApiClient client = to(server.authority(), c -> c);

            String failure = failureOf(client.value(ApiRequest.get("things").query("a", "seen")))
                    .toString();
            client.value(ApiRequest.get("things")).block(PATIENCE);

            assertThat(lines).hasSize(2).allMatch(line -> line.contains(ENCODED));
            assertThat(log.text()).contains("?a=seen&api_key=****", "?api_key=****");
            assertThat(log.text() + failure)
                    .doesNotContain(ENCODED)
                    .doesNotContain(KEY)
                    .doesNotContain("0123456789");
        }
    }

    @Test
    void takesKeyOutOfForeignRedirect() throws IOException {
        try (LogCapture log = LogCapture.ofEverything().at(Level.DEBUG).start();
                RawServer other = answering(OK);
                RawServer server = answering("HTTP/1.1 302 Found\r\nLocation: http://" + other.authority()
                        + "/a?api_key=" + ENCODED + "&sig=1\r\nContent-Length: 0\r\n\r\n")) {
            to(server.authority(), c -> c)
                    .value(ApiRequest.get("a").followRedirects(1))
                    .block(PATIENCE);

            assertThat(lines).containsExactly("GET /v1/a?api_key=" + ENCODED + " HTTP/1.1", "GET /a?sig=1 HTTP/1.1");
            assertThat(log.text()).doesNotContain("0123456789");
        }
    }

    @Test
    void tellsProxyNoKey() throws IOException {
        try (RawServer server = answering(OK)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            try (RawServer proxy = RawServer.start(peer -> {
                asked.add(peer.head());
                peer.send("HTTP/1.1 200 Connected\r\n\r\n");
                peer.relay(server.port());
            })) {
                to(server.authority(), c -> c.withProxy(ProxyOptions.http("127.0.0.1", proxy.port())))
                        .value(ApiRequest.get("a"))
                        .block(PATIENCE);

                assertThat(asked)
                        .singleElement()
                        .asString()
                        .startsWith("CONNECT ")
                        .doesNotContain("api_key");
                assertThat(lines).singleElement().asString().contains(ENCODED);
            }
        }
    }
}
