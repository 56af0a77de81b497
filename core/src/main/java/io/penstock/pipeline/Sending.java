package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.http.Progress;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The upload progress of one attempt whose body is read while it is sent. Written by one thread, read by any.
 *
 * @hidden
 */
@Internal
public final class Sending {

    private static final AtomicLongFieldUpdater<Sending> BYTES =
            AtomicLongFieldUpdater.newUpdater(Sending.class, "bytes");

    private final long length;
    private volatile long bytes;
    private long endedAtNanos;
    private volatile boolean ended;

    Sending(long length) {
        this.length = length;
    }

    /** Adds to the sent bytes. Called by the transport for each part that the connection has accepted. */
    public void sent(int more) {
        BYTES.lazySet(this, bytes + more);
    }

    /** Ends the upload. Called by the transport when the whole body has been sent, or the rest is no longer awaited. */
    public void end(long nowNanos) {
        if (!ended) {
            endedAtNanos = nowNanos;
            ended = true;
        }
    }

    /** Returns the bytes that the connection has accepted, and the length of the body. */
    public Progress progress() {
        return new Progress(bytes, length);
    }

    /** Returns how many bytes the connection has accepted. */
    public long bytes() {
        return bytes;
    }

    /** Returns whether the upload has ended, and no more of it is awaited. */
    public boolean isEnded() {
        return ended;
    }

    /** Returns when the upload ended. Meaningful once {@link #isEnded}. */
    public long endedAtNanos() {
        return endedAtNanos;
    }
}
