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
 * A fault of the server while it handles one request. An immutable value, scripted with {@link FaultPlan}.
 *
 * <p>A fault either <em>acts</em> or does not act. If it acts, the API handles the request and its effects count, and
 * then the response goes wrong. If it does not act, the API never sees the request: it has no effect, costs nothing and
 * does not count against a rate limit.
 *
 * <p>Every fault waits for the whole request first, unless its name says otherwise. The {@link RequestLog} has the
 * requests that were read whole. A request that meets an {@code …InsideRequest} fault is not logged.
 */
public final class Fault {

    /** The way a request body is read: with a pause after each part, up to a number of bytes. */
    record Reading(Duration pause, long bytes) {
        static final Reading WHOLE = new Reading(Duration.ZERO, Long.MAX_VALUE);
    }

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

    /**
     * Returns a fault that does not act. It resets the connection (TCP RST) when that many bytes of the body, or all of
     * it, have arrived.
     */
    public static Fault resetInsideRequest(long bytes) {
        requireNotNegative("bytes", bytes);
        return new Fault(
                "resetInsideRequest(" + bytes + ")",
                exchange -> exchange.end(Ending.RST),
                new Reading(Duration.ZERO, bytes));
    }

    /**
     * Returns a fault that does not act. It answers with the vendor's own error body when that many bytes of the
     * request body, or all of it, have arrived.
     */
    public static Fault statusInsideRequest(int status, long bytes) {
        requireStatus(status);
        requireNotNegative("bytes", bytes);
        return new Fault(
                "statusInsideRequest(" + status + ", " + bytes + ")",
                exchange -> exchange.send(exchange.refusal(status)),
                new Reading(Duration.ZERO, bytes));
    }

    /**
     * Returns a fault that acts and answers normally but reads the body slowly: it pauses after each part that it reads
     * from the socket.
     */
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

    /**
     * Returns a fault that does not act. It answers with the vendor's own error body for that status, as the simulator
     * defines it.
     */
    public static Fault status(int status) {
        requireStatus(status);
        return new Fault("status(" + status + ")", exchange -> exchange.send(exchange.refusal(status)));
    }

    /**
     * Returns a fault that does not act. It answers with exactly this response, whose only other headers are the
     * content type and the length.
     */
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
     * Returns a fault that waits, then acts and answers normally. The server acts even if the client has disconnected
     * meanwhile, as a server behind a queue would.
     */
    public static Fault delay(Duration before) {
        if (before.isNegative()) {
            throw new IllegalArgumentException("before: " + before + " (expected: >= 0)");
        }
        return new Fault(
                "delay(" + before + ")", exchange -> exchange.actAfter(before).flatMap(exchange::send));
    }

    /** Returns a fault that does not act. It resets the connection (TCP RST) without a byte of response. */
    public static Fault resetBeforeRequestActs() {
        return new Fault("resetBeforeRequestActs()", exchange -> exchange.end(Ending.RST));
    }

    /** Returns a fault that acts, then resets the connection (TCP RST) without a byte of response. */
    public static Fault resetAfterEffect() {
        return new Fault("resetAfterEffect()", exchange -> {
            exchange.act();
            return exchange.end(Ending.RST);
        });
    }

    /** Returns a fault that acts, then closes the connection (TCP FIN) without a byte of response. */
    public static Fault closeAfterEffect() {
        return new Fault("closeAfterEffect()", exchange -> {
            exchange.act();
            return exchange.end(Ending.FIN);
        });
    }

    /**
     * Returns a fault that acts, sends the head with the full {@code Content-Length} and the first bytes of the body,
     * then resets the connection (TCP RST). The reset comes 20 ms after the bytes were written, because it discards
     * data that the peer's kernel has not received yet.
     *
     * @param bytes the number of bytes of the body to send; the whole body if it has fewer
     */
    public static Fault resetInsideBody(int bytes) {
        return cut("resetInsideBody", bytes, true, Ending.RST);
    }

    /**
     * Returns a fault that acts, sends the head with the full {@code Content-Length} and the first bytes of the body,
     * then closes the connection (TCP FIN).
     *
     * @param bytes the number of bytes of the body to send; the whole body if it has fewer
     */
    public static Fault truncateBody(int bytes) {
        return cut("truncateBody", bytes, true, Ending.FIN);
    }

    /**
     * Returns a fault that acts, sends the head with neither {@code Content-Length} nor chunked encoding and the first
     * bytes of the body, then closes the connection (TCP FIN). In HTTP/1.1 that is a complete message (RFC 9112,
     * section 6.3), although its JSON is truncated.
     *
     * @param bytes the number of bytes of the body to send; the whole body if it has fewer
     */
    public static Fault closeDelimitedBody(int bytes) {
        return cut("closeDelimitedBody", bytes, false, Ending.FIN);
    }

    /**
     * Returns a fault that acts, sends the first bytes of the response, status line included, then closes the
     * connection (TCP FIN).
     *
     * @param bytes the number of bytes of head and body together; the whole response if it has fewer
     */
    public static Fault truncateResponse(int bytes) {
        requireNotNegative("bytes", bytes);
        return new Fault("truncateResponse(" + bytes + ")", exchange -> {
            byte[] response = WireFormat.response(exchange.act(), true, Integer.MAX_VALUE);
            return exchange.raw(Arrays.copyOf(response, Math.min(bytes, response.length)), Ending.FIN);
        });
    }

    /** Returns a fault that does not act. It answers with an HTML page, as a gateway or a captive portal does. */
    public static Fault htmlPage(int status) {
        requireStatus(status);
        SimulatedResponse page = SimulatedResponse.text(
                status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html><head><title>" + status + "</title></head><body><h1>" + status
                        + "</h1><hr>gateway</body></html>\n");
        return new Fault("htmlPage(" + status + ")", exchange -> exchange.send(page));
    }

    /** Returns a fault that acts and answers normally, but with this {@code Content-Type}. */
    public static Fault contentType(String contentType) {
        return new Fault(
                "contentType(" + contentType + ")",
                exchange -> exchange.send(exchange.act().withHeader("Content-Type", contentType)));
    }

    /**
     * Returns a fault that does not act. It streams a JSON string of that many {@code x}, chunked, as fast as the
     * client reads.
     *
     * @param bytes the number of {@code x}, without the two quotes
     */
    public static Fault largeBody(int status, long bytes) {
        requireStatus(status);
        requireNotNegative("bytes", bytes);
        return new Fault(
                "largeBody(" + status + ", " + bytes + ")",
                exchange -> exchange.stream(status, Map.of(), PayloadStream.jsonString(bytes)));
    }

    /** Returns a fault that does not act. It sends bytes that are not HTTP, then closes the connection (TCP FIN). */
    public static Fault garbage() {
        byte[] bytes = "\u0000\u0001\u0002 this is no HTTP \u007f\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        return new Fault("garbage()", exchange -> exchange.raw(bytes, Ending.FIN));
    }

    /** Returns a fault that acts and answers normally, but with a gzip body, whether or not the client accepts it. */
    public static Fault gzip() {
        return new Fault("gzip()", exchange -> {
            SimulatedResponse answer = exchange.act();
            return exchange.send(
                    answer.withBody(PayloadStream.gzipped(answer.body())).withHeader("Content-Encoding", "gzip"));
        });
    }

    /**
     * Returns a fault that does not act. It answers 200 with a gzip body that decodes to a JSON string of {@code x}.
     * The encoded size is about a thousandth of the decoded size. The body is generated while the client reads.
     *
     * @param decodedBytes the decoded size in bytes, the two quotes included; at least 2
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

    /** Returns the factory call that creates this fault, for messages. */
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
