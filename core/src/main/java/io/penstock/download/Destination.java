package io.penstock.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the bytes of one download go. It blocks. */
interface Destination {

    /** Opens it; returns of which version is what is there already, UNKNOWN where nothing is or nobody knows. */
    Version open() throws IOException;

    /** Returns how many bytes are there. */
    long position() throws IOException;

    /** Starts over, with that version. */
    void begin(Version version) throws IOException;

    /** Adds all of these bytes. */
    void write(ByteBuffer bytes) throws IOException;

    /** Puts the whole into its place, under that name where it has none of its own. */
    @Nullable
    Path finish(@Nullable String name) throws IOException;

    /** Lets go of it; what is there stays. */
    void close() throws IOException;
}
