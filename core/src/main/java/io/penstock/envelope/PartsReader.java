package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.body.ContentDecoder;
import io.penstock.body.FailureSigns;
import io.penstock.pipeline.BodyReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.async.ByteArrayFeeder;

/**
 * A reader that emits the parts of a body as they are. A body that is declared as JSON may be an error envelope. It is
 * held back, up to 64 KiB, until its object ends or shows a sign of failure, or the body turns out not to be an object.
 */
final class PartsReader implements BodyReader {

    private static final int MOST_KEPT = 64 * 1024;

    /** The output buffer of one part: a multiple of the part, so that few rounds suffice, but not 64 KiB for each. */
    private static final int LEAST_DECODED = 1024;

    private static final int DECODED_PER_BYTE = 4;

    private enum Verdict {
        OPEN,
        FAILURE,
        SUCCESS
    }

    private final Collected kept = new Collected(MOST_KEPT);
    private final @Nullable Suspicion suspicion;
    private Verdict verdict;

    /**
     * The state for recognising a failure. {@code plain} holds the decoded bytes if the body is in a content coding.
     */
    private record Suspicion(
            JsonParser parser,
            ByteArrayFeeder feeder,
            FailureSigns.Watch signs,
            StreamFailures failures,
            @Nullable ContentDecoder decoder,
            Collected plain) {}

    private int depth;

    /** Creates a reader of a body that is not JSON. */
    PartsReader() {
        suspicion = null;
        verdict = Verdict.SUCCESS;
    }

    /**
     * Creates a reader of a body that is declared as JSON. One in a coding that is not supported cannot be inspected.
     */
    PartsReader(JsonParser parser, StreamFailures failures, FailureSigns signs, List<String> codings) {
        ContentDecoder decoder = codings.size() == 1 ? ContentDecoder.of(codings.get(0)) : null;
        suspicion = new Suspicion(
                parser,
                (ByteArrayFeeder) parser.nonBlockingInputFeeder(),
                new FailureSigns.Watch(signs),
                failures,
                decoder,
                new Collected(MOST_KEPT));
        verdict = codings.isEmpty() || decoder != null ? Verdict.OPEN : Verdict.SUCCESS;
    }

    @Override
    public void read(ByteBuf part, Consumer<Object> elements) {
        if (!part.isReadable()) {
            return;
        }
        byte[] bytes = ByteBufUtil.getBytes(part);
        Suspicion open = suspicion;
        if (open == null || verdict == Verdict.SUCCESS) {
            elements.accept(ByteBuffer.wrap(bytes));
            return;
        }
        int before = kept.size();
        boolean all = kept.add(bytes, 0, bytes.length);
        byte[] plain = plain(open, bytes);
        all &= open.plain().add(plain, 0, plain.length);
        if (verdict == Verdict.OPEN) {
            verdict = verdict(open, plain);
        }
        if (verdict == Verdict.FAILURE) {
            if (!all) {
                close();
                throw open.failures().envelope(open.plain().copy(), false);
            }
            return;
        }
        if (!all) {
            verdict = Verdict.SUCCESS;
        }
        if (verdict == Verdict.SUCCESS) {
            handOut(before, elements);
            elements.accept(ByteBuffer.wrap(bytes));
        }
    }

    /**
     * Returns the decoded bytes, one more than can still be kept if there are more. Bytes that cannot be decoded yield
     * nothing: they are not an envelope.
     */
    private static byte[] plain(Suspicion open, byte[] stored) {
        ContentDecoder decoder = open.decoder();
        if (decoder == null) {
            return stored;
        }
        int room = MOST_KEPT - open.plain().size() + 1;
        Collected decoded = new Collected(room);
        ByteBuffer in = ByteBuffer.wrap(stored);
        ByteBuffer out = ByteBuffer.allocate(Math.min(room, Math.max(LEAST_DECODED, DECODED_PER_BYTE * stored.length)));
        try {
            do {
                out.clear();
                decoder.decode(in, out);
                decoded.add(out.array(), 0, out.position());
            } while (!out.hasRemaining() && decoded.size() < room);
        } catch (DataFormatException e) {
            return new byte[0]; // a range from the middle, or corrupt: left to the decoder of the whole body
        }
        return decoded.copy();
    }

    private void close() {
        if (suspicion != null && suspicion.decoder() != null) {
            suspicion.decoder().close();
        }
    }

    private void handOut(int length, Consumer<Object> elements) {
        if (length > 0) {
            elements.accept(ByteBuffer.wrap(kept.copy(), 0, length).slice());
        }
        kept.clear();
        close();
    }

    private Verdict verdict(Suspicion open, byte[] bytes) {
        JsonParser parser = open.parser();
        try {
            open.feeder().feedInput(bytes, 0, bytes.length);
            for (JsonToken token = parser.nextToken();
                    token != null && token != JsonToken.NOT_AVAILABLE;
                    token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (open.signs().sees(token, depth, parser)) {
                    return Verdict.FAILURE;
                }
                if (depth == 0 || (depth == 1 && token == JsonToken.START_ARRAY)) {
                    return Verdict.SUCCESS;
                }
            }
            return Verdict.OPEN;
        } catch (JacksonException notJson) {
            return Verdict.SUCCESS; // the parts were requested as they are, and are emitted as such
        }
    }

    @Override
    public void end(Consumer<Object> elements) {
        if (suspicion != null && verdict == Verdict.FAILURE) {
            close();
            throw suspicion.failures().envelope(suspicion.plain().copy(), true);
        }
        if (verdict == Verdict.OPEN) {
            handOut(kept.size(), elements);
        }
    }
}
