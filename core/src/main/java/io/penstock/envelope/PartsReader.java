package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;

/** The parts of a body as they are. Said to be JSON, the first one may be an error envelope. */
final class PartsReader implements BodyReader {

    private static final int MOST_DECODED = 64 * 1024;

    private final List<String> codings;
    private final StreamFailures failures;
    private boolean suspicious;

    PartsReader(ResponseHead head, boolean suspicious, StreamFailures failures) {
        this.codings = ContentDecoder.codings(head.headers());
        this.suspicious = suspicious;
        this.failures = failures;
    }

    @Override
    public void read(ByteBuf part, Consumer<Object> elements) {
        if (!part.isReadable()) {
            return;
        }
        byte[] bytes = ByteBufUtil.getBytes(part);
        if (suspicious) {
            byte[] beginning = codings.isEmpty() ? bytes : decoded(bytes);
            if (failures.saysFailure(beginning)) {
                throw failures.envelope(beginning, true);
            }
        }
        suspicious = false;
        elements.accept(ByteBuffer.wrap(bytes));
    }

    /** What the stored bytes begin with; nothing where they cannot be read, which is not an envelope then. */
    private byte[] decoded(byte[] stored) {
        ByteBuffer out = ByteBuffer.allocate(MOST_DECODED);
        try (ContentDecoder decoder = codings.size() == 1 ? ContentDecoder.of(codings.get(0)) : null) {
            if (decoder != null) {
                decoder.decode(ByteBuffer.wrap(stored), out);
            }
        } catch (DataFormatException e) {
            out.clear(); // a range from the middle, or corrupt, which whoever decodes the whole will tell
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    @Override
    public void end(Consumer<Object> elements) {
        // nothing is kept
    }
}
