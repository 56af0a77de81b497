package io.penstock.download;

import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Where a download goes. */
public sealed interface DownloadTarget {

    /** A file of that path. Until it is whole it is {@code <name>.part} beside it. */
    static DownloadTarget file(Path path) {
        return new File(path);
    }

    /**
     * A file in that directory, under the name that the server gives it (or that its address ends with), made fit to be
     * one: no directories, no control characters, no names that a system reserves.
     */
    static DownloadTarget into(Path directory) {
        return new Directory(directory);
    }

    /**
     * A channel, which is written to and not closed. It is not resumed by another process, and a download that has to
     * start over fails unless the channel is a {@link java.nio.channels.SeekableByteChannel}.
     */
    static DownloadTarget channel(WritableByteChannel channel) {
        return new Channel(channel);
    }

    /**
     * A path.
     *
     * @param path the file
     */
    record File(Path path) implements DownloadTarget {}

    /**
     * A directory.
     *
     * @param path the directory
     */
    record Directory(Path path) implements DownloadTarget {}

    /**
     * A channel.
     *
     * @param channel the channel
     */
    record Channel(WritableByteChannel channel) implements DownloadTarget {}
}
