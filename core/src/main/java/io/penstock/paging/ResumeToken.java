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
 * The position of a walk through a list, as text: a version, then numbers, the values of the paging parameters and a
 * checksum in URL-safe Base64 (RFC 4648 §5). Of the request itself it holds only a fingerprint: no credential, no
 * header, no item.
 *
 * @param list the fingerprint of the list
 * @param progress how far the walk has come
 * @param anchor the trail's {@link CursorTrail#anchor}
 * @param steps the trail's {@link CursorTrail#steps}
 * @param values the values of the paging parameters, in order; null for a parameter that the request lacks
 */
record ResumeToken(long list, Progress progress, long anchor, long steps, List<@Nullable String> values) {

    /**
     * The progress of a walk.
     *
     * @param position the number of items before the next page
     * @param pages the number of pages read so far
     * @param skip how many items of the next page were already emitted
     */
    record Progress(long position, long pages, long skip) {}

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
                .putLong(progress.position)
                .putLong(progress.pages)
                .putLong(progress.skip)
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
     * @throws ApiException INVALID_REQUEST if it is not a token, is damaged, or is of a later version
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
        return new ResumeToken(list, new Progress(position, pages, skip), anchor, steps, values);
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

    /** Returns the error without the token itself: the text in its place may be a secret. */
    private static ApiException refused(String what, String expected) {
        return ApiException.invalidRequest("resume token: " + what + " (expected: " + expected + ")");
    }
}
