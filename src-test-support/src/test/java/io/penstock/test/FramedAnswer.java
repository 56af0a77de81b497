package io.penstock.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A random answer to one request, valid or not, and what comes with it.
 *
 * @param bytes what is sent
 * @param end where the answer ends, and what belongs to no request begins
 * @param status the status
 * @param valid whether the client has to accept it
 * @param closes whether the connection ends behind it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FramedAnswer(byte[] bytes, int end, int status, boolean valid, boolean closes) {

    /** A fault of an answer, or none. */
    private enum Fault {
        NONE,
        CUT,
        CODING,
        CHUNK_SIZE,
        LENGTHS,
        STATUS_LINE,
        LONG_HEAD,
        HEAD_CUT
    }

    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 201, 202, 204, 404, 422, 503};

    static FramedAnswer of(Random random, String method, String target) {
        return new Writer(random, method.equals("HEAD"), target).write();
    }

    private static final class Writer {
        private final Random random;
        private final boolean head;
        private final String target;
        private final int status;
        private final boolean bodiless;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private Fault fault = Fault.NONE;
        private boolean closes;
        /** Whether it is an answer of HTTP/1.0, which knows no chunks, and whose length is a single number. */
        private boolean old;

        Writer(Random random, boolean head, String target) {
            this.random = random;
            this.head = head;
            this.target = target;
            this.status = STATUSES[random.nextInt(STATUSES.length)];
            this.bodiless = head || status == 204;
        }

        private boolean oneIn(int times) {
            return random.nextInt(times) == 0;
        }

        private void text(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        FramedAnswer write() {
            if (oneIn(5)) {
                Fault[] faults = Fault.values();
                fault = faults[random.nextInt(faults.length)];
            }
            for (int n = random.nextInt(8) - 5; n > 0; n--) {
                text(oneIn(2) ? "HTTP/1.1 100 Continue\r\n\r\n" : "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
            }
            old = oneIn(20);
            text((fault == Fault.STATUS_LINE ? "HTP!" : old ? "HTTP/1.0 " : "HTTP/1.1 ") + status + " Said\r\n");
            closes = old;
            for (int n = random.nextInt(6); n > 0; n--) {
                text("X-" + n + ":" + " ".repeat(random.nextInt(3)) + "v".repeat(random.nextInt(60)) + "\r\n");
            }
            if (fault == Fault.LONG_HEAD) {
                text("x-long: " + "a".repeat(40_000) + "\r\n");
            }
            if (oneIn(10)) {
                text("keep-alive: timeout=" + random.nextInt(5) + "\r\n");
            }
            if (oneIn(10)) {
                text("Connection: Close\r\n");
                closes = true;
            }
            if (fault == Fault.HEAD_CUT) {
                return finished(true);
            }
            return bodiless ? withoutBody() : withBody(content());
        }

        private FramedAnswer withoutBody() {
            if (fault != Fault.STATUS_LINE && fault != Fault.LONG_HEAD) {
                fault = Fault.NONE;
            }
            if (head) {
                text("content-length: " + random.nextInt(100) + "\r\n");
            }
            text("\r\n");
            return finished(fault != Fault.NONE);
        }

        private byte[] content() {
            int pad = oneIn(30) ? random.nextInt(90_000) : random.nextInt(1_500);
            byte[] plain = ("{\"for\":\"" + target + "\",\"pad\":\"" + "p".repeat(pad) + "\"}")
                    .getBytes(StandardCharsets.US_ASCII);
            int coding = fault == Fault.CODING ? random.nextInt(2) : random.nextInt(10);
            if (coding > 1) {
                return plain;
            }
            text("Content-Encoding: " + (coding == 0 ? "gzip" : "deflate") + "\r\n");
            ByteArrayOutputStream coded = new ByteArrayOutputStream();
            try (var coder = coding == 0 ? new GZIPOutputStream(coded) : new DeflaterOutputStream(coded)) {
                coder.write(plain);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            byte[] whole = coded.toByteArray();
            return fault == Fault.CODING ? Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1)) : whole;
        }

        private FramedAnswer withBody(byte[] content) {
            if (old && fault == Fault.LENGTHS) {
                fault = Fault.NONE; // the first one is taken, and the connection is closed
            }
            int framing = random.nextInt(5);
            if (fault == Fault.CHUNK_SIZE || (framing <= 1 && fault != Fault.LENGTHS && !old)) {
                text("Transfer-Encoding: chunked\r\n\r\n");
                chunks(content);
            } else if (framing == 2 && fault != Fault.LENGTHS && fault != Fault.CODING) {
                text("\r\n");
                closes = true;
                out.writeBytes(content);
            } else {
                String length = "Content-Length: " + content.length;
                text(length + (!old && oneIn(4) ? ", " + content.length : "") + "\r\n");
                text(fault == Fault.LENGTHS ? length + "1\r\n" : oneIn(4) ? length + "\r\n" : "");
                text("\r\n");
                out.writeBytes(content);
            }
            return finished(fault != Fault.NONE);
        }

        private void chunks(byte[] content) {
            int bad = fault == Fault.CHUNK_SIZE ? random.nextInt(content.length) : content.length;
            int largest = oneIn(4) ? 3 : 1_000;
            for (int at = 0; at < content.length; ) {
                int size = Math.min(1 + random.nextInt(largest), content.length - at);
                if (at + size > bad) {
                    text(oneIn(2) ? "xyz\r\n" : "-1\r\n");
                    bad = content.length;
                }
                text(Integer.toHexString(size) + (oneIn(8) ? ";a=b" : "") + "\r\n");
                out.write(content, at, size);
                text("\r\n");
                at += size;
            }
            text("0\r\n" + (oneIn(6) ? "x-trailer: 1\r\n" : "") + "\r\n");
        }

        private FramedAnswer finished(boolean faulty) {
            byte[] answer = out.toByteArray();
            if (fault == Fault.CUT) {
                int body = new String(answer, StandardCharsets.ISO_8859_1).lastIndexOf("\r\n\r\n", answer.length - 5);
                answer = Arrays.copyOf(answer, Math.max(body, answer.length - 1 - random.nextInt(20)));
            }
            int end = answer.length;
            if (!faulty && !closes && oneIn(6)) {
                text(junk());
                answer = out.toByteArray();
            }
            return new FramedAnswer(answer, end, status, !faulty, closes || faulty || answer.length > end || oneIn(30));
        }

        private String junk() {
            String other = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"for\":\"junk\"}";
            return switch (random.nextInt(4)) {
                case 0 -> other;
                case 1 -> other.substring(0, 1 + random.nextInt(other.length() - 1));
                case 2 -> "\r\n";
                default -> "\u0000\u0001 no HTTP";
            };
        }
    }
}
