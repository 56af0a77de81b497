package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.body.JsonCodec;
import io.penstock.body.MalformedBody;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import java.nio.charset.StandardCharsets;

/** Pages as they are read from a body. */
public final class ReadPages {

    private static final JsonCodec CODEC = new JsonCodec(1_000_000);

    private ReadPages() {}

    /** The page that a body holds. */
    @SuppressWarnings("unchecked") // the payload says what it is
    public static <T> Page<T> read(Payload<Page<T>> payload, String json) {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        try {
            return (Page<T>) CODEC.read(payload, body, note -> {});
        } catch (MalformedBody e) {
            throw new AssertionError(e.describe(), e);
        } finally {
            body.release();
        }
    }
}
