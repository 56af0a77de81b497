package io.penstock.test.simulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response of a {@link SimulatedApi}. An immutable value. The server adds {@code Content-Length} when it sends the
 * response.
 */
public final class SimulatedResponse {

    private static final int SHOWN = 400;

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private SimulatedResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Returns a response without a body. */
    public static SimulatedResponse empty(int status) {
        return new SimulatedResponse(status, Map.of(), new byte[0]);
    }

    /** Returns a response with a JSON body, as {@code application/json}. */
    public static SimulatedResponse json(int status, String body) {
        return text(status, "application/json", body);
    }

    /** Returns a response with a text body, encoded as UTF-8. */
    public static SimulatedResponse text(int status, String contentType, String body) {
        return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response with a body of bytes. The array is copied. */
    public static SimulatedResponse bytes(int status, String contentType, byte[] body) {
        return new SimulatedResponse(status, Map.of("Content-Type", contentType), body.clone());
    }

    /** Returns a copy with one header added or replaced. Header names are compared with their case. */
    public SimulatedResponse withHeader(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new SimulatedResponse(status, changed, body);
    }

    /** Returns a copy with another body and the same headers. The array is copied. */
    public SimulatedResponse withBody(byte[] body) {
        return new SimulatedResponse(status, headers, body.clone());
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Returns the body without copying it. Callers in this package must not write to it. */
    byte[] body() {
        return body;
    }

    /** Returns the status, the headers and at most {@value #SHOWN} bytes of the body, in one line. */
    @Override
    public String toString() {
        String text = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8)
                .replace('\n', ' ')
                .replace('\r', ' ');
        return status + " " + headers + (text.isEmpty() ? "" : " " + text) + (body.length > SHOWN ? "…" : "");
    }
}
