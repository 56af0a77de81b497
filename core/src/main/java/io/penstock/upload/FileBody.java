package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.penstock.http.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A body of files and the bytes around them. The state of the files is recorded at the first attempt. Every later
 * attempt, and the end of every file, is checked against it. Without an idempotency key, every subscription to a call
 * gets its own body. With one, all subscriptions share this body, because the key stands for these bytes.
 */
final class FileBody extends UploadBody {

    private final List<Piece> pieces;
    private volatile @Nullable Snapshot snapshot;

    private record Snapshot(Map<Path, FileState> files, long length) {}

    FileBody(List<Piece> pieces, @Nullable Consumer<Progress> listener) {
        super(listener);
        this.pieces = List.copyOf(pieces);
    }

    @Override
    public long length() {
        Snapshot known = snapshot;
        return known == null ? Progress.UNKNOWN : known.length();
    }

    @Override
    public boolean isReplayable() {
        return true;
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public UploadBody anew() {
        return new FileBody(pieces, listener());
    }

    @Override
    public Mono<Void> prepare() {
        return Mono.<Void>fromRunnable(this::look).subscribeOn(Schedulers.boundedElastic());
    }

    /**
     * Records or verifies the state of the files. Synchronized so that two concurrent subscribers to one call use the
     * same state.
     */
    private synchronized void look() {
        Snapshot known = snapshot;
        if (known != null) {
            known.files().forEach((file, state) -> state.verify(file));
            return;
        }
        Map<Path, FileState> files = new LinkedHashMap<>();
        long length = 0;
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Literal literal) {
                length += literal.bytes().length;
            } else if (piece instanceof Piece.Raw raw) {
                length += files.computeIfAbsent(raw.file(), FileState::of).size();
            } else if (piece instanceof Piece.Base64 base64) {
                length += Piece.base64Length(
                        files.computeIfAbsent(base64.file(), FileState::of).size());
            }
        }
        snapshot = new Snapshot(files, length);
    }

    @Override
    public Flux<ByteBuf> content(ByteBufAllocator allocator) {
        return Flux.defer(() -> {
            Map<Path, FileState> files =
                    Objects.requireNonNull(snapshot, "prepare() comes first").files();
            return Flux.<ByteBuf, PieceReader>generate(
                            () -> new PieceReader(pieces, files, allocator),
                            PieceReader::next,
                            // A cancel may come on an event loop, and closing a file is file IO.
                            reader -> Schedulers.boundedElastic().schedule(reader::close))
                    .subscribeOn(Schedulers.boundedElastic());
        });
    }

    @Override
    public String toString() {
        return pieces.stream()
                        .filter(piece -> !(piece instanceof Piece.Literal))
                        .count() + " files, " + length() + " bytes";
    }
}
