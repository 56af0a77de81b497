package io.penstock.test.simulator.streams;

import java.io.IOException;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of pseudo-random bytes, made while it is sent. It serves one range from an offset to the end (RFC 9110 §14), honours
 * {@code If-Range} by strong comparison, answers 416 behind the end, and breaks off where it is told to.
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
     * A file.
     *
     * @param seed two files of one seed have the same bytes; the entity tag tells them apart from others
     */
    public ServedFile(long size, long seed) {
        this.size = size;
        this.seed = seed;
        this.entityTag = "\"" + Long.toHexString(seed) + "\"";
        new Random(seed).nextBytes(pattern);
    }

    /** With that entity tag, or null for none. */
    public ServedFile entityTag(@Nullable String tag) {
        this.entityTag = tag;
        return this;
    }

    /** With more header lines, each with its line end. */
    public ServedFile headers(String lines) {
        this.moreHeaders = lines;
        return this;
    }

    /** Without ranges: it always answers with the whole. */
    public ServedFile withoutRanges() {
        this.ranges = false;
        return this;
    }

    /** Breaks each answer off after so many bytes of its body, of as many as were wanted. */
    public ServedFile breaking(LongUnaryOperator after) {
        this.breaksAfter = after;
        return this;
    }

    /** The bytes from an offset on, up to the end of a block of 64 KiB or of the file; how many there are. */
    public int bytes(long from, byte[] to) {
        int inBlock = (int) (from % BLOCK);
        int length = (int) Math.min(BLOCK - inBlock, size - from);
        System.arraycopy(pattern, inBlock, to, 0, length);
        byte mark = (byte) (from / BLOCK * 31 + seed);
        for (int i = (61 - inBlock % 61) % 61; i < length; i += 61) {
            to[i] ^= (byte) (mark + inBlock + i); // no two blocks are the same
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
        boolean partial = asked && matcher.matches();
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
