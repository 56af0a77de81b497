package io.penstock.test.simulator.picus;

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

/** A client as plain as can be: the JDK's, no retries, no redirects, no renewal of its token. */
final class Caller {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI origin;
    private final String header;
    private final String value;

    /** With an access token for everything. */
    Caller(PicusSimulator picus) {
        this(picus, picus.issueAccessToken(picus.secret()));
    }

    Caller(PicusSimulator picus, String accessToken) {
        this(picus, "Authorization", "Bearer " + accessToken);
    }

    Caller(PicusSimulator picus, String header, String value) {
        this.origin = picus.origin();
        this.header = header;
        this.value = value;
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    Answer put(String path, String body) throws Exception {
        return send("PUT", path, body);
    }

    Answer delete(String path) throws Exception {
        return send("DELETE", path, "");
    }

    /** A simulation that is started at once. */
    Answer simulate(String name) throws Exception {
        return post("/v1/simulations", "{\"name\":\"" + name + "\",\"template_id\":1,\"schedule_now\":true}");
    }

    Answer upload(String path, String part) throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"" + part
                + "\"; filename=\"a.yaml\"\r\n\r\nid: 1\r\n--b--\r\n";
        return send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(body)));
    }

    Answer send(String method, String path, String body) throws Exception {
        return send(
                request(path).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    static Answer anonymous(URI uri) throws Exception {
        return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)));
    }

    static Answer anonymous(PicusSimulator picus, String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(picus.origin().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body)));
    }

    static Answer exchange(PicusSimulator picus, String refreshToken) throws Exception {
        return anonymous(picus, "/v1/auth/token", "{\"refresh_token\":\"" + refreshToken + "\"}");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(origin.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header(header, value);
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

        /** What stands at a JSON pointer, as text. */
        String at(String pointer) {
            return json().at(pointer).asString();
        }

        long number(String pointer) {
            return json().at(pointer).longValue();
        }
    }
}
