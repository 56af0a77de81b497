package io.penstock.paging;

import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk through a list stands, as a text: a version, then Base64 for addresses (RFC 4648 §5) of numbers and of the
 * values of the paging parameters, with a checksum behind them. Nothing else of the request is in it, only a fingerprint
 * by which it is known: no credential, no header, no item.
 *
 * @param list the fingerprint of the list
 * @param position how many items come before the page that is next
 * @param pages how many pages were read
 * @param skip how many items of the page that is next were handed out already
 * @param anchor as {@link CursorTrail#anchor}
 * @param steps as {@link CursorTrail#steps}
 * @param values of the paging parameters, in their order; null where the request has none
 */
record ResumeToken(
        long list, long position, long pages, long skip, long anchor, long steps, List<@Nullable String> values) {

    private static final String VERSION = "p1.";
    private static final int NUMBERS = 6;

    String text() {
        List<byte[]> texts = new ArrayList<>();
        int size = Long.BYTES * NUMBERS + 1;
        for (String value : values) {
            byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
            texts.add(bytes);
            size += Integer.BYTES + bytes.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size + Integer.BYTES);
        out.putLong(list)
                .putLong(position)
                .putLong(pages)
                .putLong(skip)
                .putLong(anchor)
                .putLong(steps);
        out.put((byte) values.size());
        for (int i = 0; i < texts.size(); i++) {
            out.putInt(values.get(i) == null ? -1 : texts.get(i).length).put(texts.get(i));
        }
        out.putInt(checksum(out.array(), out.position()));
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /**
     * Reads a token.
     *
     * @throws ApiException INVALID_REQUEST if it is none, or damaged, or of a version to come
     */
    static ResumeToken read(String text) {
        String token = text.strip();
        if (!token.startsWith(VERSION)) {
            throw token.matches("p[0-9]{1,9}\\..*")
                    ? refused(
                            "version " + token.substring(1, token.indexOf('.')),
                            "version 1; it was made by a later version of this library, which can read it")
                    : refused("no such token", "one from Page.resumeToken() or ApiException.resumeToken(), unchanged");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token.substring(VERSION.length()));
            ByteBuffer in = ByteBuffer.wrap(bytes);
            int end = bytes.length - Integer.BYTES;
            if (end < 0 || in.getInt(end) != checksum(bytes, end)) {
                throw damaged();
            }
            in.limit(end);
            return read(in);
        } catch (IllegalArgumentException | BufferUnderflowException | CharacterCodingException e) {
            throw damaged();
        }
    }

    private static ResumeToken read(ByteBuffer in) throws CharacterCodingException {
        long list = in.getLong();
        long position = in.getLong();
        long pages = in.getLong();
        long skip = in.getLong();
        long anchor = in.getLong();
        long steps = in.getLong();
        List<@Nullable String> values = new ArrayList<>();
        for (int left = in.get(); left > 0; left--) {
            int length = in.getInt();
            if (length > in.remaining()) {
                throw damaged();
            }
            values.add(length < 0 ? null : text(in.slice().limit(length)));
            in.position(in.position() + Math.max(0, length));
        }
        if (in.hasRemaining() || position < -1 || pages < 0 || skip < 0 || steps < 0 || steps > 1L << 60) {
            throw damaged();
        }
        return new ResumeToken(list, position, pages, skip, anchor, steps, values);
    }

    private static String text(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    private static ApiException damaged() {
        return refused("damaged", "the whole token, unchanged");
    }

    static ApiException ofAnotherList(ApiRequest<?> request) {
        return refused(
                "of another list",
                "one of " + request + " with the same path values, query and body, and paged in the same way");
    }

    /** The token itself is not repeated: whatever was given in its place may be a secret. */
    private static ApiException refused(String what, String expected) {
        return ApiException.invalidRequest("resume token: " + what + " (expected: " + expected + ")");
    }
}
