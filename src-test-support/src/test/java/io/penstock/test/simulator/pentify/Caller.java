package io.penstock.test.simulator.pentify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client as plain as can be: the JDK's, no retries, no redirects. */
final class Caller {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI origin;
    private final String key;

    Caller(PentifySimulator pentify) {
        this(pentify, pentify.secret());
    }

    Caller(PentifySimulator pentify, String key) {
        this.origin = pentify.origin();
        this.key = key;
    }

    Answer get(String path) throws Exception {
        return send(request(path).GET());
    }

    Answer get(String path, String accept) throws Exception {
        return send(request(path).header("Accept", accept).GET());
    }

    Answer post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    Answer delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    Answer scan(String target, String type) throws Exception {
        return post("/v1/scans", "{\"target\":\"" + target + "\",\"scan_type\":\"" + type + "\"}");
    }

    Answer keyedScan(String target, String key) throws Exception {
        return post(
                "/v1/scans",
                "{\"target\":\"" + target + "\",\"scan_type\":\"quick\",\"idempotency_key\":\"" + key + "\"}");
    }

    static Answer anonymous(URI uri) throws Exception {
        return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(origin.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key);
    }

    private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
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

        String id() {
            return json().get("id").stringValue();
        }

        String code() {
            return json().at("/error/code").stringValue();
        }
    }
}
