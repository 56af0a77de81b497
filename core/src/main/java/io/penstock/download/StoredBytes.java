package io.penstock.download;

import io.penstock.body.ContentDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A destination that counts bytes as the server stores them, and decodes their content coding on the way to another
 * destination.
 *
 * <pre>
 *  stored    |---- 2000 ----| break |-- bytes=2000- --|   what is counted and asked for (RFC 9110 §14.1.2)
 *  decoded   |------- 3400 -------|------- 10100 -----|   what the file holds
 * </pre>
 *
 * <p>The decoder survives an interruption, but not the process: another process starts over.
 */
final class StoredBytes implements Destination {

    private static final int PIECE = 64 * 1024;

    private final Destination decoded;
    private final LongConsumer limit;
    private @Nullable ContentDecoder decoder;
    private @Nullable ByteBuffer piece;
    private long stored;

    /** Held while the decoder is in use. A close does not wait for it, because a write may block forever. */
    private final ReentrantLock using = new ReentrantLock();

    private volatile boolean closed;

    /**
     * Creates a destination in front of another one.
     *
     * @param limit checks the decoded size before each write; its exceptions are passed on
     */
    StoredBytes(Destination decoded, LongConsumer limit) {
        this.decoded = decoded;
        this.limit = limit;
    }

    @Override
    public Version open() throws IOException {
        return decoded.open();
    }

    @Override
    public long position() throws IOException {
        return decoder == null ? decoded.position() : stored;
    }

    /** Returns the number of decoded bytes. */
    long size() throws IOException {
        return decoded.position();
    }

    @Override
    public void begin(Version version) throws IOException {
        using.lock();
        try {
            forget();
            decoded.begin(version);
            if (version.coding() != null) {
                decoder = ContentDecoder.of(version.coding());
            }
        } finally {
            unlock();
        }
    }

    private void unlock() {
        if (closed) {
            forget();
        }
        using.unlock();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        using.lock();
        try {
            ContentDecoder coding = decoder;
            if (closed) {
                return;
            }
            if (coding == null) {
                limit.accept(decoded.position() + bytes.remaining());
                decoded.write(bytes);
            } else {
                stored += bytes.remaining();
                decode(coding, bytes);
            }
        } finally {
            unlock();
        }
    }

    private void decode(ContentDecoder coding, ByteBuffer bytes) throws IOException {
        ByteBuffer out = piece == null ? ByteBuffer.allocate(PIECE) : piece;
        piece = out;
        boolean more = true;
        while (more) {
            out.clear();
            try {
                coding.decode(bytes, out);
            } catch (DataFormatException e) {
                throw new CorruptCoding(e);
            }
            more = bytes.hasRemaining() || !out.hasRemaining();
            out.flip();
            limit.accept(decoded.position() + out.remaining());
            decoded.write(out);
        }
    }

    /** Returns whether the content coding, if any, is complete. */
    boolean isAtEnd() {
        return decoder == null || decoder.isAtEnd();
    }

    @Override
    public @Nullable Path finish(@Nullable String name) throws IOException {
        using.lock();
        try {
            forget();
            return decoded.finish(name);
        } finally {
            unlock();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        decoded.close();
        if (using.tryLock()) {
            unlock();
        }
    }

    private void forget() {
        ContentDecoder open = decoder;
        decoder = null;
        stored = 0;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return decoded.toString();
    }

    /** The error for stored bytes that are not in the content coding named by their head. */
    static final class CorruptCoding extends IOException {
        private static final long serialVersionUID = 1L;

        CorruptCoding(DataFormatException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
