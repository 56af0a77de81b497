package io.penstock.download;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that has arrived, in {@code <name>.part} beside its final place, with its version in
 * {@code <name>.part.version}. Both outlive the process, so that another one can continue. One download at a time holds
 * the lock.
 *
 * <pre>
 *  f.part.version   |--- version ---|x
 *  f.part           |--- arriving ----|x
 *  f                                |--- complete
 *  lock             |-----------------|
 * </pre>
 *
 * <p>The final place is claimed with a hard link, which fails if a file exists there. So only one of two downloads to
 * the same name succeeds. As long as its version file exists, the part has no other name. A part without a version file
 * is never written to but replaced, because it may be the finished file. Symbolic links are not followed.
 *
 * <p>All methods block. Calls are serial, except for {@code close}: it may come while a part is written, and even
 * before {@code open}, because a cancel does not know how far the other thread has got. The file then stays closed.
 */
final class PartFile implements Destination {

    /**
     * The maximum number of attempts to open the part: each other download to the same place may end once meanwhile.
     */
    private static final int MOST_OPENS = 20;

    private static final int LONGEST_VERSION = 64 * 1024;

    /**
     * The parts that this process is writing. File locks alone are not enough: closing a second channel of a file
     * releases the locks of the first one (POSIX).
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path part;
    private final Path versionFile;
    private final @Nullable Path place;
    private final @Nullable Path directory;
    private final boolean replace;
    private @Nullable FileChannel channel;
    private @Nullable Path held;
    private Version version = Version.UNKNOWN;
    private boolean created;
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

    /**
     * Returns a part whose final name is unknown until the head arrives; until then its name is derived from its
     * address.
     */
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
        hold();
        try {
            openLocked();
            return known();
        } catch (IOException | RuntimeException e) {
            letGo();
            throw e;
        }
    }

    private void hold() throws IOException {
        Path parent = Objects.requireNonNull(part.toAbsolutePath().getParent(), "the part has a directory");
        Path real = parent.toRealPath().resolve(part.getFileName());
        if (!HELD.add(real)) {
            throw beingWritten();
        }
        held = real;
    }

    private ApiException beingWritten() {
        return ApiException.invalidRequest("target: " + part + " is being written by another download");
    }

    /**
     * Opens the part and locks it. By then it may have become another download's finished file, which must not be
     * touched.
     */
    private void openLocked() throws IOException {
        for (int i = 0; i < MOST_OPENS; i++) {
            BasicFileAttributes before = attributes(part);
            if (before != null && before.isSymbolicLink()) {
                Files.delete(part); // the link itself
                before = null;
            } else if (before != null && !before.isRegularFile()) {
                throw ApiException.invalidRequest("target: " + part + " is no file (expected: a file, or nothing)");
            }
            FileChannel opened;
            try {
                opened = open(before != null);
            } catch (FileAlreadyExistsException | NoSuchFileException e) {
                continue; // another download has started or ended
            }
            channel = opened;
            created = before == null;
            if (!isLocked(opened)) {
                throw beingWritten();
            }
            BasicFileAttributes after = attributes(part);
            if (after != null && (before == null || Objects.equals(before.fileKey(), after.fileKey()))) {
                return;
            }
            opened.close();
        }
        throw beingWritten();
    }

    private FileChannel open(boolean existing) throws IOException {
        return existing
                ? FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                : FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static boolean isLocked(FileChannel opened) throws IOException {
        try {
            return opened.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Returns the version of the stored bytes. Bytes without an identifiable version are replaced by a new file. */
    private Version known() throws IOException {
        FileChannel opened = Objects.requireNonNull(channel, "open");
        version = readVersion();
        if (!version.isTellable() || (version.total() >= 0 && opened.size() > version.total())) {
            version = Version.UNKNOWN;
            if (!created) {
                replacePart(opened);
            }
            return version;
        }
        opened.position(opened.size());
        return version;
    }

    private void replacePart(FileChannel old) throws IOException {
        Files.delete(part);
        FileChannel fresh;
        try {
            fresh = open(false);
        } catch (FileAlreadyExistsException e) {
            throw beingWritten();
        }
        channel = fresh;
        old.close(); // only now, so that the new one has another file key
        if (!isLocked(fresh)) {
            throw beingWritten();
        }
    }

    private Version readVersion() throws IOException {
        BasicFileAttributes there = attributes(versionFile);
        if (there == null || !there.isRegularFile() || there.size() > LONGEST_VERSION) {
            return Version.UNKNOWN;
        }
        try (var in = Files.newInputStream(versionFile, LinkOption.NOFOLLOW_LINKS)) {
            return Version.ofText(in.readNBytes(LONGEST_VERSION));
        }
    }

    /** Writes the version file, never into an existing file: that could be a link to something else. */
    private void writeVersion() throws IOException {
        Files.deleteIfExists(versionFile);
        if (version.isTellable() && version.coding() == null) {
            byte[] text = version.text().getBytes(StandardCharsets.UTF_8);
            Files.write(versionFile, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    private void verifyPlace(Path at) {
        Path parent = at.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(at)) {
            throw ApiException.invalidRequest("target: " + at + " (expected: a file in a directory that exists)");
        }
        if (!replace && Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(at);
        }
    }

    private static ApiException exists(Path at) {
        return ApiException.invalidRequest(
                "target: " + at + " exists (expected: a new file, or the option replacingExisting)");
    }

    @Override
    public synchronized long position() throws IOException {
        FileChannel open = channel;
        return open == null ? 0 : open.position();
    }

    @Override
    public synchronized void begin(Version newVersion) throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.truncate(0);
            version = newVersion;
            writeVersion();
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
        Path target = Objects.requireNonNull(to, "a place or a directory");
        verifyPlace(target); // the name is known only now, and a file may have appeared there
        open.force(true);
        Files.deleteIfExists(versionFile); // first: from here on the part may be the finished file
        try {
            put(target);
        } catch (IOException | RuntimeException e) {
            try {
                writeVersion(); // the part is still only a part
            } catch (IOException unwritten) {
                e.addSuppressed(unwritten);
            }
            throw e;
        }
        closed = true;
        letGo(); // last: the next holder of the lock sees that the part is gone
        return target;
    }

    private void put(Path to) throws IOException {
        if (replace) {
            move(part, to);
        } else if (link(to)) {
            removePart();
        } else {
            claim(part, to);
        }
    }

    private void removePart() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The file is in its place. A part without a version does no harm.
        }
    }

    /** Links the part to its place in one step; returns false if the file system has no hard links. */
    private boolean link(Path to) throws IOException {
        try {
            Files.createLink(to, part);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw exists(to);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Claims the place with an empty file, then replaces that. */
    static void claim(Path part, Path to) throws IOException {
        try {
            Files.createFile(to);
        } catch (FileAlreadyExistsException e) {
            throw exists(to);
        }
        try {
            move(part, to);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(to);
            throw e;
        }
    }

    private static void move(Path part, Path to) throws IOException {
        try {
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // the place is in the same directory, so no other way would be a single step
            throw failure("this file system cannot move " + part + " in one step", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        FileChannel open = channel;
        try {
            if (open != null && open.size() == 0) { // nothing to resume from
                Files.deleteIfExists(versionFile);
                Files.deleteIfExists(part);
            }
        } finally {
            letGo();
        }
    }

    private void letGo() throws IOException {
        FileChannel open = channel;
        Path mine = held;
        channel = null;
        held = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (mine != null) {
                HELD.remove(mine);
            }
        }
    }

    /** Returns a failure of the local file system, not of the server. */
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
