package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.PlainCaller;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A caller of IXON. */
final class Caller extends PlainCaller {

    /** Creates a caller with the four headers of an operation of the company and the simulator's secret. */
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
        super(base, headers);
    }

    /** Returns a copy with another value of a header, or without it. */
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

    Answer delete(String path, String body) throws Exception {
        return send("DELETE", path, body);
    }

    /** Creates one and returns its id. */
    String create(String path, String content) throws Exception {
        return post(path, "[" + content + "]").json().at("/data/0/publicId").stringValue();
    }

    /** Sends a request with at most one header. */
    static Answer anonymous(String method, String uri, String body, String... header) throws Exception {
        return send(method, URI.create(uri), body, header.length == 0 ? Map.of() : Map.of(header[0], header[1]));
    }
}
