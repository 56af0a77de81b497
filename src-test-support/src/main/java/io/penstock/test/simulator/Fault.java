package io.penstock.test.simulator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What goes wrong with one request. An immutable value; scripted with {@link FaultPlan}.
 *
 * <p>A fault either <em>acts</em> (the API handles the request, its effects count, then the answer goes wrong) or not
 * (the API never sees the request: no effect, no cost, no part in a rate limit). Every fault waits for the whole request
 * first, unless its name says otherwise, and every request that arrived whole is in the {@link RequestLog}.
 */
public final class Fault {

    /** How a request is read: with a pause after each part, up to so many bytes. */
    record Reading(Duration pause, long bytes) {}

    private final String description;
    private final Script script;
    private final @Nullable Reading reading;

    private Fault(String description, Script script) {
        this(description, script, null);
    }

    private Fault(String description, Script script, @Nullable Reading reading) {
        this.description = description;
        this.script = script;
        this.reading = reading;
    }

    /** Does not act; resets the connection (TCP RST) when so many bytes of the body have come, or all of it. */
    public static Fault resetInsideRequest(long bytes) {
        requireNotNegative("bytes", bytes);
        return new Fault(
                "resetInsideRequest(" + bytes + ")",
                exchange -> exchange.end(Ending.RST),
                new Reading(Duration.ZERO, bytes));
    }

    /** Does not act; answers with the vendor's own error body when so many bytes of the body have come, or all of it. */
    public static Fault statusInsideRequest(int status, long bytes) {
        requireStatus(status);
        requireNotNegative("bytes", bytes);
        return new Fault(
                "statusInsideRequest(" + status + ", " + bytes + ")",
                exchange -> exchange.send(exchange.refusal(status)),
                new Reading(Duration.ZERO, bytes));
    }

    /** Acts and answers normally, but reads the body slowly: after each part that the socket gives it pauses. */
    public static Fault slowReading(Duration pause) {
        if (pause.isNegative()) {
            throw new IllegalArgumentException("pause: " + pause + " (expected: >= 0)");
        }
        return new Fault(
                "slowReading(" + pause + ")",
                exchange -> exchange.send(exchange.act()),
                new Reading(pause, Long.MAX_VALUE));
    }

    @Nullable
    Reading reading() {
        return reading;
    }

    /** Does not act; answers with the vendor's own error body for that status, as the simulator knows it. */
    public static Fault status(int status) {
        requireStatus(status);
        return new Fault("status(" + status + ")", exchange -> exchange.send(exchange.refusal(status)));
    }

    /** Does not act; answers exactly this, and no header beside these, the content type and the length. */
    public static Fault status(int status, Map<String, String> headers, String contentType, String body) {
        requireStatus(status);
        SimulatedResponse answer = SimulatedResponse.text(status, contentType, body);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.withHeader(header.getKey(), header.getValue());
        }
        SimulatedResponse exactly = answer;
        return new Fault("status(" + status + ", " + contentType + ")", exchange -> exchange.send(exactly));
    }

    /**
     * Waits, then acts and answers normally. The server does not notice that a client has left meanwhile: it acts all
     * the same, as a server behind a queue would.
     */
    public static Fault delay(Duration before) {
        if (before.isNegative()) {
            throw new IllegalArgumentException("before: " + before + " (expected: >= 0)");
        }
        return new Fault(
                "delay(" + before + ")", exchange -> exchange.actAfter(before).flatMap(exchange::send));
    }

    /** Does not act; resets the connection (TCP RST) without a byte of response. */
    public static Fault resetBeforeRequestActs() {
        return new Fault("resetBeforeRequestActs()", exchange -> exchange.end(Ending.RST));
    }

    /** Acts, then resets the connection (TCP RST) without a byte of response. */
    public static Fault resetAfterEffect() {
        return new Fault("resetAfterEffect()", exchange -> {
            exchange.act();
            return exchange.end(Ending.RST);
        });
    }

    /** Acts, then closes the connection (TCP FIN) without a byte of response. */
    public static Fault closeAfterEffect() {
        return new Fault("closeAfterEffect()", exchange -> {
            exchange.act();
            return exchange.end(Ending.FIN);
        });
    }

    /**
     * Acts, sends the head with the full {@code Content-Length} and the first bytes of the body, then resets. The reset
     * comes 20 ms after the bytes were written, because it takes back what the peer's kernel has not got yet.
     *
     * @param bytes of the body; the whole body if it has fewer
     */
    public static Fault resetInsideBody(int bytes) {
        return cut("resetInsideBody", bytes, true, Ending.RST);
    }

    /**
     * Acts, sends the head with the full {@code Content-Length} and the first bytes of the body, then closes (FIN).
     *
     * @param bytes of the body; the whole body if it has fewer
     */
    public static Fault truncateBody(int bytes) {
        return cut("truncateBody", bytes, true, Ending.FIN);
    }

    /**
     * Acts, sends the answer's head with neither {@code Content-Length} nor chunks and the first bytes of the body, then
     * closes (FIN): to HTTP/1.1 a complete message (RFC 9112, section 6.3), though the JSON is cut.
     *
     * @param bytes of the body; the whole body if it has fewer
     */
    public static Fault closeDelimitedBody(int bytes) {
        return cut("closeDelimitedBody", bytes, false, Ending.FIN);
    }

    /**
     * Acts, sends the first bytes of the response, status line included, then closes (FIN).
     *
     * @param bytes of head and body together; the whole response if it has fewer
     */
    public static Fault truncateResponse(int bytes) {
        requireNotNegative("bytes", bytes);
        return new Fault("truncateResponse(" + bytes + ")", exchange -> {
            byte[] response = WireFormat.response(exchange.act(), true, Integer.MAX_VALUE);
            return exchange.raw(Arrays.copyOf(response, Math.min(bytes, response.length)), Ending.FIN);
        });
    }

    /** Does not act; answers with an HTML page, as a gateway or a captive portal does. */
    public static Fault htmlPage(int status) {
        requireStatus(status);
        SimulatedResponse page = SimulatedResponse.text(
                status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html><head><title>" + status + "</title></head><body><h1>" + status
                        + "</h1><hr>gateway</body></html>\n");
        return new Fault("htmlPage(" + status + ")", exchange -> exchange.send(page));
    }

    /** Acts and answers normally, but with this {@code Content-Type}. */
    public static Fault contentType(String contentType) {
        return new Fault(
                "contentType(" + contentType + ")",
                exchange -> exchange.send(exchange.act().withHeader("Content-Type", contentType)));
    }

    /**
     * Does not act; streams a JSON string of that many {@code x}, chunked, as fast as the client reads.
     *
     * @param bytes how many {@code x}; the two quotes come on top
     */
    public static Fault largeBody(int status, long bytes) {
        requireStatus(status);
        requireNotNegative("bytes", bytes);
        return new Fault(
                "largeBody(" + status + ", " + bytes + ")",
                exchange -> exchange.stream(status, Map.of(), PayloadStream.jsonString(bytes)));
    }

    /** Does not act; sends bytes that are no HTTP, then closes (FIN). */
    public static Fault garbage() {
        byte[] bytes = "\u0000\u0001\u0002 this is no HTTP \u007f\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        return new Fault("garbage()", exchange -> exchange.raw(bytes, Ending.FIN));
    }

    /** Acts and answers normally, but with the body in gzip, whether it was asked for or not. */
    public static Fault gzip() {
        return new Fault("gzip()", exchange -> {
            SimulatedResponse answer = exchange.act();
            return exchange.send(
                    answer.withBody(PayloadStream.gzipped(answer.body())).withHeader("Content-Encoding", "gzip"));
        });
    }

    /**
     * Does not act; answers 200 with a JSON string of {@code x} in gzip, about a thousandth of its decoded size,
     * generated while the client reads.
     *
     * @param decodedBytes the decoded size, the two quotes included; at least 2
     */
    public static Fault gzipBomb(long decodedBytes) {
        if (decodedBytes < 2) {
            throw new IllegalArgumentException("decodedBytes: " + decodedBytes + " (expected: >= 2)");
        }
        Map<String, String> encoding =
                Map.of(HttpHeaderNames.CONTENT_ENCODING.toString(), HttpHeaderValues.GZIP.toString());
        return new Fault(
                "gzipBomb(" + decodedBytes + ")",
                exchange -> exchange.stream(200, encoding, PayloadStream.gzippedJsonString(decodedBytes - 2)));
    }

    /** The factory call that makes this fault, for messages. */
    @Override
    public String toString() {
        return description;
    }

    Publisher<Void> play(Exchange exchange) {
        return script.play(exchange);
    }

    private static Fault cut(String name, int bytes, boolean withLength, Ending ending) {
        requireNotNegative("bytes", bytes);
        return new Fault(
                name + "(" + bytes + ")",
                exchange -> exchange.raw(WireFormat.response(exchange.act(), withLength, bytes), ending));
    }

    private static void requireStatus(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
    }

    private interface Script {
        Publisher<Void> play(Exchange exchange);
    }
}
