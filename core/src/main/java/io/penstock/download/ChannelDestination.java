package io.penstock.download;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A channel that belongs to the caller, who also closes it. */
final class ChannelDestination implements Destination {

    private final WritableByteChannel channel;
    private long start;
    private long written;

    /** Set without waiting for a write to end, because a write may block forever. */
    private volatile boolean closed;

    ChannelDestination(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public synchronized Version open() throws IOException {
        start = channel instanceof SeekableByteChannel seekable ? seekable.position() : 0;
        return Version.UNKNOWN;
    }

    @Override
    public synchronized long position() {
        return written;
    }

    @Override
    public synchronized void begin(Version version) throws IOException {
        if (written == 0) {
            return;
        }
        if (!(channel instanceof SeekableByteChannel seekable)) {
            throw new ApiException(Failure.of(
                    ErrorKind.LOCAL_IO,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "the download has to start over, and " + written + " bytes have gone to a channel that cannot be"
                            + " rewound (expected: a path, or a SeekableByteChannel)"));
        }
        seekable.truncate(start);
        seekable.position(start);
        written = 0;
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws IOException {
        while (!closed && bytes.hasRemaining()) {
            written += channel.write(bytes);
        }
    }

    @Override
    public @Nullable Path finish(@Nullable String name) {
        return null;
    }

    @Override
    public void close() {
        closed = true;
    }
}
