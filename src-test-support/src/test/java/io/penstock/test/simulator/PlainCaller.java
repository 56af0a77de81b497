package io.penstock.test.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A caller of one simulator by the JDK's client: no retries, no redirects, no renewal of tokens. Immutable. */
public class PlainCaller {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    protected final URI base;
    protected final Map<String, String> headers;

    /** Creates a caller that sends the headers with every request to a path below the base. */
    protected PlainCaller(URI base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    public final Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    public final Answer post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    public final Answer put(String path, String body) throws IOException, InterruptedException {
        return send("PUT", path, body);
    }

    public final Answer patch(String path, String body) throws IOException, InterruptedException {
        return send("PATCH", path, body);
    }

    public final Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, "");
    }

    public final Answer send(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, URI.create(base + path), body, headers);
    }

    /** Sends a GET without a credential. */
    public static Answer anonymous(URI uri) throws IOException, InterruptedException {
        return send("GET", uri, "", Map.of());
    }

    /** Sends a request with just these headers, and without a body if {@code body} is empty. */
    public static Answer send(String method, URI uri, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return new Answer(CLIENT.send(request.build(), BodyHandlers.ofByteArray()));
    }
}
