package io.penstock.test.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@link SimulatedApi} answers: an immutable value; {@code Content-Length} is added when it is sent. */
public final class SimulatedResponse {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private SimulatedResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An answer without body. */
    public static SimulatedResponse empty(int status) {
        return new SimulatedResponse(status, Map.of(), new byte[0]);
    }

    /** An answer with a JSON body, as {@code application/json}. */
    public static SimulatedResponse json(int status, String body) {
        return text(status, "application/json", body);
    }

    /** An answer with a body in UTF-8. */
    public static SimulatedResponse text(int status, String contentType, String body) {
        return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer with any body; the array is copied. */
    public static SimulatedResponse bytes(int status, String contentType, byte[] body) {
        return new SimulatedResponse(status, Map.of("Content-Type", contentType), body.clone());
    }

    /** The same with one header added or replaced; names are compared as written. */
    public SimulatedResponse withHeader(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new SimulatedResponse(status, changed, body);
    }

    /** The same with another body, which is copied; the headers stay. */
    public SimulatedResponse withBody(byte[] body) {
        return new SimulatedResponse(status, headers, body.clone());
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Not a copy: for the machinery of this package, which does not write to it. */
    byte[] body() {
        return body;
    }
}
