package io.penstock.test.simulator.infraon;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client as plain as can be: the JDK's, no retries, no redirects. */
final class Caller {

    static final String INCIDENTS = "/ux/sd/inci/incident/";
    static final String INCIDENT = "{\"summary\":\"VPN down\",\"requester_email\":\"user@example.com\"}";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI origin;
    private final String authorization;

    Caller(InfraonSimulator infraon) {
        this(infraon, "ApiKey " + infraon.secret());
    }

    /** An empty {@code authorization} is not sent. */
    Caller(InfraonSimulator infraon, String authorization) {
        this.origin = infraon.baseUri();
        this.authorization = authorization;
    }

    /** What a login with the right password answers. */
    static Answer login(InfraonSimulator infraon) throws Exception {
        return login(infraon, "/ux/api-token-auth/", infraon.username(), infraon.password());
    }

    static Answer login(InfraonSimulator infraon, String path, String username, String password) throws Exception {
        String body = "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
        return new Caller(infraon, "").post(path, body);
    }

    Answer get(String path) throws Exception {
        return send("GET", path, BodyPublishers.noBody());
    }

    Answer get(String path, String body) throws Exception {
        return send("GET", path, BodyPublishers.ofString(body));
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, BodyPublishers.ofString(body));
    }

    Answer put(String path, JsonNode body) throws Exception {
        return put(path, body.toString());
    }

    Answer put(String path, String body) throws Exception {
        return send("PUT", path, BodyPublishers.ofString(body));
    }

    Answer delete(String path) throws Exception {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    /** Creates an incident and returns the id its path takes. */
    String incident() throws Exception {
        return post(INCIDENTS, INCIDENT).json().get("id").asString();
    }

    /** The same for a stream's lambda. */
    String concurrentIncident() {
        try {
            return incident();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The path of a new incident. */
    String incidentPath() throws Exception {
        return INCIDENTS + incident() + "/";
    }

    private Answer send(String method, String path, BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(origin.resolve(path)).timeout(Duration.ofSeconds(30));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return new Answer(CLIENT.send(request.method(method, body).build(), BodyHandlers.ofByteArray()));
    }

    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        /** Status and body, to compare with a sample literally. */
        String literal() {
            return status() + " " + text();
        }
    }
}
