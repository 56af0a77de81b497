package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.pipeline.BodyReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The parts of a body as they are. Said to be JSON, the first one may be an error envelope. */
final class PartsReader implements BodyReader {

    private final StreamFailures failures;
    private boolean suspicious;

    PartsReader(boolean suspicious, StreamFailures failures) {
        this.suspicious = suspicious;
        this.failures = failures;
    }

    @Override
    public void read(ByteBuf part, Consumer<Object> elements) {
        if (!part.isReadable()) {
            return;
        }
        byte[] bytes = ByteBufUtil.getBytes(part);
        if (suspicious && failures.saysFailure(bytes)) {
            throw failures.envelope(bytes, true);
        }
        suspicious = false;
        elements.accept(ByteBuffer.wrap(bytes));
    }

    @Override
    public void end(Consumer<Object> elements) {
        // nothing is kept
    }
}
