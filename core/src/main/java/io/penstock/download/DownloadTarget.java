package io.penstock.download;

import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** The target of a download. */
public sealed interface DownloadTarget {

    /** Returns a target file. Until it is complete, it is stored as {@code <name>.part} beside it. */
    static DownloadTarget file(Path path) {
        return new File(path);
    }

    /**
     * Returns a target in a directory. The file gets the name that the server gives, or else the last segment of its
     * address. The name is sanitized: no directories, no control characters, no names reserved by a system.
     */
    static DownloadTarget into(Path directory) {
        return new Directory(directory);
    }

    /**
     * Returns a target that writes to a channel and does not close it. Another process cannot resume it, and a download
     * that has to start over fails unless the channel is a {@link java.nio.channels.SeekableByteChannel}.
     */
    static DownloadTarget channel(WritableByteChannel channel) {
        return new Channel(channel);
    }

    /**
     * A target file.
     *
     * @param path the path of the file
     */
    record File(Path path) implements DownloadTarget {}

    /**
     * A target directory.
     *
     * @param path the path of the directory
     */
    record Directory(Path path) implements DownloadTarget {}

    /**
     * A target channel.
     *
     * @param channel the channel
     */
    record Channel(WritableByteChannel channel) implements DownloadTarget {}
}
