package io.penstock.test.simulator.streams;

import java.io.IOException;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of pseudo-random bytes, generated while it is sent. It serves a range from an offset to the end (RFC 9110
 * §14). If {@code If-Range} is present, it must equal the entity tag exactly; otherwise the file answers with the
 * whole. It answers 416 to an offset at or beyond the end, and can break off its responses.
 */
public final class ServedFile implements StreamServer.Answer {

    private static final int BLOCK = 1 << 16;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-");

    private final long size;
    private final long seed;
    private final byte[] pattern = new byte[BLOCK];
    private @Nullable String entityTag;
    private String moreHeaders = "";
    private boolean ranges = true;
    private LongUnaryOperator breaksAfter = wanted -> Long.MAX_VALUE;

    /**
     * Creates a file.
     *
     * @param size the size in bytes
     * @param seed the seed of the bytes and of the default entity tag: files of the same seed have the same bytes
     */
    public ServedFile(long size, long seed) {
        this.size = size;
        this.seed = seed;
        this.entityTag = "\"" + Long.toHexString(seed) + "\"";
        new Random(seed).nextBytes(pattern);
    }

    /** Sets the entity tag; null for none. Returns this file. */
    public ServedFile entityTag(@Nullable String tag) {
        this.entityTag = tag;
        return this;
    }

    /** Sets additional header lines of the responses, each with its line end. Returns this file. */
    public ServedFile headers(String lines) {
        this.moreHeaders = lines;
        return this;
    }

    /** Ignores ranges: every response has the whole file. Returns this file. */
    public ServedFile withoutRanges() {
        this.ranges = false;
        return this;
    }

    /**
     * Resets the connection in the middle of each response body. Returns this file.
     *
     * @param after maps the number of bytes from the requested offset to the end of the file to the number of body
     *     bytes before the reset; there is no reset if the body has no more
     */
    public ServedFile breaking(LongUnaryOperator after) {
        this.breaksAfter = after;
        return this;
    }

    /** Copies the bytes from an offset to the end of its 64 KiB block or of the file, and returns their number. */
    public int bytes(long from, byte[] to) {
        int inBlock = (int) (from % BLOCK);
        int length = (int) Math.min(BLOCK - inBlock, size - from);
        System.arraycopy(pattern, inBlock, to, 0, length);
        byte mark = (byte) (from / BLOCK * 31 + seed);
        for (int i = (61 - inBlock % 61) % 61; i < length; i += 61) {
            to[i] ^= (byte) (mark + inBlock + i); // only blocks 256 apart (16 MiB) are equal
        }
        return length;
    }

    @Override
    public void write(StreamServer.Request request, Wire wire) throws IOException {
        String range = request.headers().get("range");
        String condition = request.headers().get("if-range");
        boolean asked = ranges && range != null && (condition == null || condition.equals(entityTag));
        Matcher matcher = RANGE.matcher(asked ? range : "");
        long from = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        String tag = (entityTag == null ? "" : "etag: " + entityTag + "\r\n") + moreHeaders;
        if (from >= size && from > 0) {
            wire.send("HTTP/1.1 416 Range Not Satisfiable\r\ncontent-range: bytes */" + size
                    + "\r\ncontent-length: 0\r\nconnection: close\r\n" + tag + "\r\n");
            return;
        }
        boolean partial = asked && matcher.matches() && from < size;
        wire.send((partial
                        ? "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes " + from + "-" + (size - 1) + "/" + size
                                + "\r\n"
                        : "HTTP/1.1 200 OK\r\n")
                + "content-type: application/octet-stream\r\nconnection: close\r\ncontent-length: " + (size - from)
                + "\r\n" + tag + "\r\n");
        send(wire, from, breaksAfter.applyAsLong(size - from));
    }

    private void send(Wire wire, long from, long most) throws IOException {
        byte[] bytes = new byte[BLOCK];
        long at = from;
        while (at < size) {
            int length = bytes(at, bytes);
            long left = most - (at - from);
            if (left < length) {
                wire.send(bytes, 0, (int) left);
                wire.reset();
                return;
            }
            wire.send(bytes, 0, length);
            at += length;
        }
    }
}
