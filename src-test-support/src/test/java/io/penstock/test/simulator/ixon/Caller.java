package io.penstock.test.simulator.ixon;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client as plain as can be: the JDK's, no retries, no redirects. Immutable. */
final class Caller {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI base;
    private final Map<String, String> headers;

    /** With the four headers of an operation of the company, authenticated with the simulator's secret. */
    Caller(IxonSimulator ixon) {
        this(
                ixon.baseUri(),
                Map.of(
                        "Api-Version",
                        "2",
                        "Api-Application",
                        ixon.applicationId(),
                        "Api-Company",
                        ixon.companyId(),
                        "Authorization",
                        "Bearer " + ixon.secret()));
    }

    private Caller(URI base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /** The same with another value of a header, or without it. */
    Caller with(String header, @Nullable String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        if (value != null) {
            changed.put(header, value);
        }
        return new Caller(base, changed);
    }

    boolean has(String header) {
        return headers.containsKey(header);
    }

    Caller bearer(String token) {
        return with("Authorization", "Bearer " + token);
    }

    Caller basic(String parts) {
        String encoded = Base64.getEncoder().encodeToString(parts.getBytes(StandardCharsets.UTF_8));
        return with("Authorization", "Basic " + encoded);
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    Answer patch(String path, String body) throws Exception {
        return send("PATCH", path, body);
    }

    Answer delete(String path, String body) throws Exception {
        return send("DELETE", path, body);
    }

    Answer send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return new Answer(CLIENT.send(request.build(), BodyHandlers.ofString()));
    }

    /** Creates one and returns its id. */
    String create(String path, String content) throws Exception {
        return post(path, "[" + content + "]").json().at("/data/0/publicId").stringValue();
    }

    static Answer anonymous(String method, String uri, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return new Answer(CLIENT.send(request.build(), BodyHandlers.ofString()));
    }

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String text() {
            return response.body();
        }

        JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        JsonNode data() {
            return json().get("data");
        }

        String message() {
            return json().at("/data/0/message").stringValue();
        }

        String property() {
            return json().at("/data/0/propertyName").asString("");
        }

        /** The cursor; {@code null} if there is none. */
        @Nullable
        String moreAfter() {
            JsonNode cursor = json().path("moreAfter");
            return cursor.isString() ? cursor.stringValue() : null;
        }
    }
}
