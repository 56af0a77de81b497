package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/**
 * A reader of pieces in chunks of {@value #CHUNK} bytes. It blocks and is used by one thread at a time. Only
 * {@link #close} may be called by another thread, after the last read.
 */
final class PieceReader {

    static final int CHUNK = 64 * 1024;

    private static final int GROUP = 3;
    private static final int ENCODED_GROUP = 4;

    private final List<Piece> pieces;
    private final Map<Path, FileState> files;
    private final ByteBufAllocator allocator;
    private int index;
    private long position;
    private @Nullable FileChannel open;

    PieceReader(List<Piece> pieces, Map<Path, FileState> files, ByteBufAllocator allocator) {
        this.pieces = pieces;
        this.files = files;
        this.allocator = allocator;
    }

    /**
     * Emits one chunk, or completion. A file is checked against its recorded state before its last bytes are emitted.
     */
    PieceReader next(SynchronousSink<ByteBuf> sink) {
        ByteBuf chunk = allocator.buffer(CHUNK);
        try {
            while (index < pieces.size() && fill(pieces.get(index), chunk)) {
                index++;
                position = 0;
                close();
            }
        } catch (IOException e) {
            chunk.release();
            throw UploadBody.unreadable(
                    "body: reading a file failed with " + e.getClass().getSimpleName() + " (see the cause)", e);
        } catch (Throwable e) {
            chunk.release();
            throw e;
        }
        if (chunk.isReadable()) {
            sink.next(chunk);
        } else {
            chunk.release();
            sink.complete();
        }
        return this;
    }

    /** Reads as much of the piece as fits, and returns whether the piece is complete. */
    private boolean fill(Piece piece, ByteBuf chunk) throws IOException {
        if (piece instanceof Piece.Literal literal) {
            int part = (int) Math.min(room(chunk), literal.bytes().length - position);
            chunk.writeBytes(literal.bytes(), (int) position, part);
            position += part;
            return position == literal.bytes().length;
        }
        if (piece instanceof Piece.Raw raw) {
            return fillRaw(raw.file(), chunk);
        }
        return fillBase64(((Piece.Base64) piece).file(), chunk);
    }

    private static int room(ByteBuf chunk) {
        return CHUNK - chunk.readableBytes();
    }

    private boolean fillRaw(Path file, ByteBuf chunk) throws IOException {
        FileState state = state(file);
        while (position < state.size() && room(chunk) > 0) {
            int read = chunk.writeBytes(channel(file), position, (int) Math.min(room(chunk), state.size() - position));
            if (read < 0) {
                throw shorter(file, state);
            }
            position += read;
        }
        return ends(file, state);
    }

    /** Encodes whole groups of three bytes: only the last group of a file may be shorter, and is padded. */
    private boolean fillBase64(Path file, ByteBuf chunk) throws IOException {
        FileState state = state(file);
        int groups = room(chunk) / ENCODED_GROUP;
        int part = (int) Math.min((long) groups * GROUP, state.size() - position);
        if (part > 0) {
            ByteBuffer plain = ByteBuffer.allocate(part);
            while (plain.hasRemaining()) {
                if (channel(file).read(plain, position + plain.position()) < 0) {
                    throw shorter(file, state);
                }
            }
            chunk.writeBytes(Base64.getEncoder().encode(plain.array()));
            position += part;
        }
        return ends(file, state);
    }

    private boolean ends(Path file, FileState state) {
        if (position < state.size()) {
            return false;
        }
        state.verify(file);
        return true;
    }

    private RuntimeException shorter(Path file, FileState state) {
        state.verify(file);
        return UploadBody.unreadable(
                "body: " + file + " ended after " + position + " bytes (expected: " + state.size() + ")", null);
    }

    private FileState state(Path file) {
        FileState state = files.get(file);
        if (state == null) {
            throw new IllegalStateException("not prepared: " + file);
        }
        return state;
    }

    private FileChannel channel(Path file) throws IOException {
        FileChannel channel = open;
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            open = channel;
        }
        return channel;
    }

    void close() {
        FileChannel channel = open;
        open = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw UploadBody.unreadable("body: closing a file failed (see the cause)", e);
            }
        }
    }
}
