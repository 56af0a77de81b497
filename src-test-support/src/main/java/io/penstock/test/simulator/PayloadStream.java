package io.penstock.test.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import reactor.core.publisher.Flux;

/** Bodies that are generated while the client reads them, so that large ones take no memory. */
final class PayloadStream {

    private static final int PIECE = 16 * 1024;
    /**
     * The decoded size of one step of the gzip bomb. Deflate turns it into a few hundred bytes in well under a
     * millisecond.
     */
    private static final int DECODED_PIECE = 256 * 1024;

    private static final byte[] FILLER = filler();
    private static final byte[] QUOTE = {'"'};

    private PayloadStream() {}

    /** Emits a JSON string of {@code length} times {@code x}. */
    static Flux<ByteBuf> jsonString(long length) {
        Flux<ByteBuf> filler = Flux.generate(() -> length, (left, sink) -> {
            if (left == 0) {
                sink.complete();
                return left;
            }
            int size = (int) Math.min(left, PIECE);
            sink.next(Unpooled.wrappedBuffer(FILLER, 0, size));
            return left - size;
        });
        return Flux.concat(quote(), filler, quote());
    }

    /** Emits the same JSON string in gzip. The {@code length} does not include the quotes. */
    static Flux<ByteBuf> gzippedJsonString(long length) {
        return Flux.generate(() -> new Deflation(length), (deflation, sink) -> {
            if (deflation.finished) {
                sink.complete();
            } else {
                sink.next(Unpooled.wrappedBuffer(deflation.step()));
            }
            return deflation;
        });
    }

    static byte[] gzipped(byte[] plain) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(encoded)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encoded.toByteArray();
    }

    private static Flux<ByteBuf> quote() {
        return Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(QUOTE)));
    }

    private static byte[] filler() {
        byte[] filler = new byte[DECODED_PIECE];
        Arrays.fill(filler, (byte) 'x');
        return filler;
    }

    /** One gzip stream, produced piece by piece. */
    private static final class Deflation {
        private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;
        private long left;
        private boolean finished;

        Deflation(long length) {
            left = length;
            try {
                gzip = new GZIPOutputStream(encoded, 512, true);
                gzip.write(QUOTE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] step() {
            try {
                int size = (int) Math.min(left, DECODED_PIECE);
                gzip.write(FILLER, 0, size);
                left -= size;
                if (left == 0) {
                    gzip.write(QUOTE);
                    gzip.close();
                    finished = true;
                } else {
                    gzip.flush();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            byte[] piece = encoded.toByteArray();
            encoded.reset();
            return piece;
        }
    }
}
