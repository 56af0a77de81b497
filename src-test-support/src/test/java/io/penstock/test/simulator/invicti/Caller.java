package io.penstock.test.simulator.invicti;

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

    static final String ME = "/api/identity/v1/me";
    static final String SCANS = "/api/v1/scans";
    static final String TARGETS = "/api/v1/targets";
    static final String APPLICATIONS = "/api/inventory/v1/applications";
    static final String API_TARGETS = "/api/apihub/v1/inventory/api-targets";
    static final String IMPORTERS = "/api/apihub/v1/importers";
    static final String CONNECTIONS = "/api/external-scan/v1/connections";
    static final String MEND = "/api/external-scan/v1/mend/connections";
    static final String INSTANCES = "/api/integrations/v1/instances";
    static final String IMPORTER =
            "{\"name\":\"Gateway\",\"type\":\"aws_api_gateway\",\"status\":\"active\",\"updateFrequency\":"
                    + "{\"unit\":\"daily\",\"value\":1},\"parameters\":{\"clientId\":\"c\",\"clientSecret\":\"s\"},"
                    + "\"excludeEmptySpecs\":true}";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final URI base;
    private final String key;

    Caller(InvictiSimulator invicti) {
        this(invicti, invicti.secret());
    }

    Caller(InvictiSimulator invicti, String key) {
        this.base = invicti.baseUri();
        this.key = key;
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    Answer scan(String targetId) throws Exception {
        return post(SCANS, scanBody(targetId));
    }

    Answer send(String method, String path, String body) throws Exception {
        return send(request(path).header("X-Auth", key), method, body);
    }

    Answer getWith(String header, String value, String path) throws Exception {
        return send(request(path).header(header, value), "GET", "");
    }

    Answer getWithoutKey(String path) throws Exception {
        return send(request(path), "GET", "");
    }

    /** Absolute or relative to the server's root. */
    Answer follow(String reference) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(reference));
        return send(request.header("X-Auth", key), "GET", "");
    }

    static String scanBody(String targetId) {
        return "{\"user_authorized_to_scan\":\"yes\",\"target_id\":\"" + targetId
                + "\",\"profile_id\":\"11111111-1111-1111-1111-111111111112\","
                + "\"schedule\":{\"disable\":false,\"time_sensitive\":false}}";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private static Answer send(HttpRequest.Builder request, String method, String body) throws Exception {
        return new Answer(CLIENT.send(
                request.timeout(Duration.ofSeconds(30))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString()));
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

        String text(String member) {
            return json().get(member).stringValue();
        }

        /** What stands for the id in {@code Location}. */
        String locatedId() {
            return header("location").substring(header("location").lastIndexOf('/') + 1);
        }
    }
}
