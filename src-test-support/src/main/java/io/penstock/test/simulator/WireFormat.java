package io.penstock.test.simulator;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of an HTTP/1.1 response, for faults that cut it at a known place. */
final class WireFormat {

    private WireFormat() {}

    /**
     * Returns the head, with the full {@code Content-Length} or without one, and at most {@code bodyBytes} bytes of the
     * body.
     */
    static byte[] response(SimulatedResponse answer, boolean withLength, int bodyBytes) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(HttpResponseStatus.valueOf(answer.status()).reasonPhrase())
                .append("\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (withLength) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(answer.body(), 0, Math.min(bodyBytes, answer.body().length));
        return bytes.toByteArray();
    }
}
