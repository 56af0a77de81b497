package io.penstock.test.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One answer.
 *
 * @param status its status
 * @param headers whole header lines, without those that frame the body
 * @param body the body, as UTF-8 text
 * @param acted whether the server does what was asked before it answers
 * @param manner what becomes of the answer and of its connection
 */
record Said(int status, List<String> headers, String body, boolean acted, Manner manner) {

    /** What becomes of an answer and of its connection. */
    enum Manner {
        /** Told by its length; the connection is kept. */
        LENGTH,
        /** Sent in chunks; the connection is kept. */
        CHUNKS,
        /** Ended by the end of the connection. */
        UNTIL_CLOSE,
        /** Told by its length, and half of it sent. */
        CUT,
        /** Never sent: the connection ends. */
        HANGS_UP,
        /** Never sent: the connection stays. */
        STALLS
    }

    private static final int PIECE = 700;

    Said {
        headers = List.copyOf(headers);
    }

    Said with(Manner other) {
        return new Said(status, headers, body, acted, other);
    }

    Said with(boolean newActed) {
        return new Said(status, headers, body, newActed, manner);
    }

    boolean success() {
        return status >= 200 && status < 300;
    }

    /** Whether the answer goes out whole. */
    boolean isWhole() {
        return manner == Manner.LENGTH || manner == Manner.CHUNKS || manner == Manner.UNTIL_CLOSE;
    }

    /** Whether it is said to be in a content coding, which it is not. */
    boolean isCoded() {
        return headers.stream().anyMatch(line -> line.startsWith("content-encoding: "));
    }

    /** Whether the client learns the status. */
    boolean isHeard() {
        return isWhole() || manner == Manner.CUT;
    }

    boolean keepsConnection() {
        return manner == Manner.LENGTH || manner == Manner.CHUNKS;
    }

    /** RFC 9110 §15.3.5, §15.3.6, §15.4.5: these have no content. */
    boolean isBodiless() {
        return status == 204 || status == 205 || status == 304;
    }

    /** RFC 9112 §6.3: no body follows these, whatever the headers say. */
    private boolean endsWithItsHead() {
        return status == 204 || status == 304;
    }

    /** What goes over the wire. */
    byte[] bytes() {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + content.length);
        write(out, "HTTP/1.1 " + status + " Said\r\n");
        headers.forEach(line -> write(out, line + "\r\n"));
        if (endsWithItsHead()) {
            write(out, "\r\n");
            return out.toByteArray();
        }
        switch (manner) {
            case CHUNKS -> {
                write(out, "transfer-encoding: chunked\r\n\r\n");
                for (int from = 0; from < content.length; from += PIECE) {
                    int length = Math.min(PIECE, content.length - from);
                    write(out, Integer.toHexString(length) + "\r\n");
                    out.write(content, from, length);
                    write(out, "\r\n");
                }
                write(out, "0\r\n\r\n");
            }
            case UNTIL_CLOSE -> {
                write(out, "connection: close\r\n\r\n");
                out.writeBytes(content);
            }
            case CUT -> {
                write(out, "content-length: " + (content.length + 1) + "\r\n\r\n");
                out.write(content, 0, content.length / 2);
            }
            default -> {
                write(out, "content-length: " + content.length + "\r\n\r\n");
                out.writeBytes(content);
            }
        }
        return out.toByteArray();
    }

    /** Header values may hold any byte of UTF-8. */
    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
