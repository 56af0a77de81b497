package io.penstock.download;

import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of a file, in {@code <name>.part} beside its place, with {@code <name>.part.version} beside that: which
 * version it is a part of. Both outlive the process, so that another one can go on. One download at a time holds the lock.
 *
 * <p>All methods block. They are called one after the other, but for {@code close}, which may come while a part is written,
 * and even before {@code open}: a cancel does not know how far the other thread has got. It stays closed.
 */
final class PartFile implements Destination {

    private final Path part;
    private final Path versionFile;
    private final @Nullable Path place;
    private final @Nullable Path directory;
    private final boolean replace;
    private @Nullable FileChannel channel;
    private boolean closed;

    private PartFile(Path part, @Nullable Path place, @Nullable Path directory, boolean replace) {
        this.part = part;
        this.versionFile = part.resolveSibling(part.getFileName() + ".version");
        this.place = place;
        this.directory = directory;
        this.replace = replace;
    }

    static PartFile of(Path place, boolean replace) {
        return new PartFile(place.resolveSibling(place.getFileName() + ".part"), place, null, replace);
    }

    /** Its name is not known before the head is there: so long it goes by one that its address gives. */
    static PartFile in(Path directory, String provisional, boolean replace) {
        return new PartFile(directory.resolve(provisional + ".part"), null, directory, replace);
    }

    @Override
    public synchronized Version open() throws IOException {
        if (directory != null && !Files.isDirectory(directory)) {
            throw ApiException.invalidRequest("target: " + directory + " (expected: a directory that exists)");
        }
        if (place != null) {
            verifyPlace(place);
        }
        if (closed) {
            throw new IOException("closed");
        }
        FileChannel opened = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel = opened;
        boolean locked;
        try {
            locked = opened.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        }
        if (!locked) {
            close();
            throw ApiException.invalidRequest("target: " + part + " is being written by another download");
        }
        Version known = Files.exists(versionFile) ? Version.ofLines(Files.readAllLines(versionFile)) : Version.UNKNOWN;
        boolean usable = known.isTellable() && (known.total() < 0 || opened.size() <= known.total());
        if (!usable) {
            opened.truncate(0);
        }
        opened.position(opened.size());
        return usable ? known : Version.UNKNOWN;
    }

    private void verifyPlace(Path at) {
        Path parent = at.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(at)) {
            throw ApiException.invalidRequest("target: " + at + " (expected: a file in a directory that exists)");
        }
        if (!replace && Files.exists(at)) {
            throw ApiException.invalidRequest(
                    "target: " + at + " exists (expected: a new file, or the option replacingExisting)");
        }
    }

    @Override
    public synchronized long position() throws IOException {
        FileChannel open = channel;
        return open == null ? 0 : open.position();
    }

    @Override
    public synchronized void begin(Version version) throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.truncate(0);
            Files.write(versionFile, version.lines());
        }
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws IOException {
        FileChannel open = channel;
        while (open != null && bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    @Override
    public synchronized @Nullable Path finish(@Nullable String name) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            throw new IOException("closed");
        }
        Path to = place;
        if (to == null && directory != null) {
            to = directory.resolve(name == null ? "download" : name);
        }
        if (to != null) {
            verifyPlace(to); // a name is known only now, and a file may have appeared where there was none
        }
        open.force(true);
        close();
        if (to != null) {
            move(to);
        }
        Files.deleteIfExists(versionFile);
        return to;
    }

    private void move(Path to) throws IOException {
        try {
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // it stands in the same directory, so there is no other way that would be one step
            throw failure("this file system cannot move " + part + " in one step", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        closed = true;
        if (open != null) {
            open.close();
        }
    }

    /** A local failure: nothing of the server's. */
    static ApiException failure(String what, IOException e) {
        return new ApiException(Failure.of(
                        ErrorKind.LOCAL_IO,
                        Certainty.PROCESSED,
                        Retryability.PERMANENT,
                        what + " (" + e.getClass().getSimpleName() + ", see the cause)")
                .withCause(e));
    }

    @Override
    public String toString() {
        return part.toString();
    }
}
