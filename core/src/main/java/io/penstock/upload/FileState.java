package io.penstock.upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * The state that a file must keep between the attempts of a call, and while it is read.
 *
 * @param size in bytes
 * @param modified the time of its last modification, as precise as its file system stores it
 */
record FileState(long size, FileTime modified) {

    /** Reads the state of the file. Blocks. */
    static FileState of(Path file) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw UploadBody.unreadable(
                    "body: " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "; expected: a readable file)",
                    e);
        }
        if (!attributes.isRegularFile() || !Files.isReadable(file)) {
            throw UploadBody.unreadable(
                    "body: " + file + " is " + (attributes.isRegularFile() ? "not readable" : "no regular file")
                            + " (expected: a readable file)",
                    null);
        }
        return new FileState(attributes.size(), attributes.lastModifiedTime());
    }

    /** Reads the state of the file again, and fails if it has changed. Blocks. */
    void verify(Path file) {
        FileState now = of(file);
        if (!now.equals(this)) {
            throw UploadBody.unreadable(
                    "body: " + file + " has changed since this call began: " + now + " (expected: " + this
                            + ", as at the first attempt; with an idempotency key also at that of an earlier"
                            + " subscription)",
                    null);
        }
    }

    @Override
    public String toString() {
        return size + " bytes of " + modified;
    }
}
