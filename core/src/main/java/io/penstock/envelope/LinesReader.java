package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.body.JsonCodec;
import io.penstock.body.MalformedBody;
import io.penstock.body.OddMembers;
import io.penstock.body.Payload;
import io.penstock.pipeline.BodyReader;
import java.util.Arrays;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** A reader of JSON values, one per line. The beginning of an incomplete line is kept, up to the limit. */
final class LinesReader implements BodyReader {

    private final JsonCodec codec;
    private final Payload<?> payload;
    private final int limit;
    private final StreamFailures failures;
    private final OddMembers odd;
    private final Collected kept;
    private long read;
    private long lineStart;
    private long number = 1;
    private boolean first = true;

    LinesReader(JsonCodec codec, Payload<?> payload, int limit, StreamFailures failures) {
        this.codec = codec;
        this.payload = payload;
        this.limit = limit;
        this.failures = failures;
        this.odd = failures.oddMembers();
        this.kept = new Collected(limit);
    }

    @Override
    public void read(ByteBuf part, Consumer<Object> elements) {
        byte[] bytes = ByteBufUtil.getBytes(part);
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (kept.isEmpty()) {
                    line(bytes, from, i - from, elements, false);
                } else {
                    keep(bytes, from, i - from);
                    line(kept.array(), 0, kept.size(), elements, false);
                    kept.clear();
                }
                from = i + 1;
                number++;
                lineStart = read + from;
            }
        }
        keep(bytes, from, bytes.length - from);
        read += bytes.length;
    }

    private void keep(byte[] bytes, int from, int length) {
        if (!kept.add(bytes, from, length)) {
            throw failures.tooLarge(where(), limit);
        }
    }

    private String where() {
        return "line " + number + " (byte " + lineStart + ")";
    }

    private void line(byte[] bytes, int start, int size, Consumer<Object> elements, boolean last) {
        int mark = lineStart == 0 ? ByteOrderMark.lengthAt(bytes, start, size) : 0;
        int from = start + mark;
        int length = size - mark;
        if (isBlank(bytes, from, length)) {
            return;
        }
        byte[] beginning = first ? Arrays.copyOfRange(bytes, from, from + length) : null;
        first = false;
        if (beginning != null && failures.saysFailure(beginning)) {
            throw failures.envelope(beginning, true);
        }
        Object value;
        try {
            value = codec.element(payload.type(), bytes, from, length, odd);
        } catch (JacksonException e) {
            MalformedBody malformed = MalformedBody.of(e, false);
            String expected = malformed.expected() + " of " + payload;
            if (last && e instanceof UnexpectedEndOfInputException) {
                throw failures.cut(where(), expected);
            }
            String path = "line " + number + ", " + malformed.path();
            if (beginning != null) {
                throw failures.otherThanPromised(beginning, "unreadable at " + path + ", expected: " + expected);
            }
            throw failures.unreadable(e, path, lineStart + mark + Math.max(0, malformed.offset()), expected, limit);
        }
        if (value == null) {
            throw failures.undecodable(where() + ": null, expected: " + payload);
        }
        elements.accept(value);
    }

    private static boolean isBlank(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Reads the last line, whose line end is optional. */
    @Override
    public void end(Consumer<Object> elements) {
        if (!kept.isEmpty()) {
            line(kept.array(), 0, kept.size(), elements, true);
        }
    }
}
