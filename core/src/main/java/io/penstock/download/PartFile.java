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
 * What has arrived of a file, in {@code <name>.part} beside its place, with {@code <name>.part.version} beside that: which
 * version it is a part of. Both outlive the process, so that another one can go on. One download at a time holds the lock.
 *
 * <pre>
 *  f.part.version   |--- version ---|x
 *  f.part           |--- arriving ----|x
 *  f                                |--- whole
 *  lock             |-----------------|
 * </pre>
 *
 * <p>The place is claimed by a hard link, which fails where something stands, so that of two downloads to one name one wins.
 * While a version stands beside it, the part has no other name: one without is never written to but replaced, because it may
 * be the finished file. Symbolic links are not followed.
 *
 * <p>All methods block. They are called one after the other, but for {@code close}, which may come while a part is written,
 * and even before {@code open}: a cancel does not know how far the other thread has got. It stays closed.
 */
final class PartFile implements Destination {

    /** Other downloads to the same place may come to their end while the part is opened, each of them once. */
    private static final int MOST_OPENS = 20;

    private static final int LONGEST_VERSION = 64 * 1024;

    /**
     * Parts that this process writes. Its own locks do not show it all: closing a second channel of a file gives up the
     * locks of the first one (POSIX).
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

    /** Opens the part and locks it. By then it may have become another download's file, which must not be touched. */
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
                continue; // another download has begun or ended
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

    /** The version of what is there. What is of no version that can be told makes way for a new file. */
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

    /** Never into a file that is there: it could be a link to something else. */
    private void writeVersion() throws IOException {
        Files.deleteIfExists(versionFile);
        if (version.isTellable() && version.coding() == null) {
            byte[] text = (String.join("\n", version.lines()) + "\n").getBytes(StandardCharsets.UTF_8);
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
        verifyPlace(target); // a name is known only now, and a file may have appeared where there was none
        open.force(true);
        Files.deleteIfExists(versionFile); // first: from here on the part may be the finished file
        try {
            put(target);
        } catch (IOException | RuntimeException e) {
            try {
                writeVersion(); // the part is no more than a part
            } catch (IOException unwritten) {
                e.addSuppressed(unwritten);
            }
            throw e;
        }
        closed = true;
        letGo(); // last: who gets the lock now sees that the part has gone
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
            // The file is in its place. A part without a version is in nobody's way.
        }
    }

    /** Gives the part its place too, in one step; false where the file system has no links. */
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

    /** Claims the place with an empty file of its own, and replaces that. */
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
            // it stands in the same directory, so there is no other way that would be one step
            throw failure("this file system cannot move " + part + " in one step", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        FileChannel open = channel;
        try {
            if (open != null && open.size() == 0) { // nothing to go on from
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
