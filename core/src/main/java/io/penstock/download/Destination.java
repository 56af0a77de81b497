package io.penstock.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The destination of one download. Its methods block. */
interface Destination {

    /**
     * Opens the destination; returns the version of the bytes it already holds, or UNKNOWN if there are none or it
     * cannot be determined.
     */
    Version open() throws IOException;

    /** Returns how many bytes it holds. */
    long position() throws IOException;

    /** Starts over with a version. */
    void begin(Version version) throws IOException;

    /** Writes all remaining bytes of the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Moves the complete file into place, under the given name if it has none of its own. */
    @Nullable
    Path finish(@Nullable String name) throws IOException;

    /** Releases the destination; the bytes it holds remain. */
    void close() throws IOException;
}
