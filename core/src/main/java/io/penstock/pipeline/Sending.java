package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.http.Progress;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** How far one attempt has got with a body that is read while it is sent. Written by one thread, read by any. */
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

    /** Called by the transport for each part that the connection has taken. */
    public void sent(int more) {
        BYTES.lazySet(this, bytes + more);
    }

    /** Called by the transport when the body has been sent whole, or nobody waits for the rest of it any more. */
    public void end(long nowNanos) {
        if (!ended) {
            endedAtNanos = nowNanos;
            ended = true;
        }
    }

    /** How many bytes the connection has taken, of how many. */
    public Progress progress() {
        return new Progress(bytes, length);
    }

    /** How many bytes the connection has taken. */
    public long bytes() {
        return bytes;
    }

    /** Whether no more of it is waited for. */
    public boolean isEnded() {
        return ended;
    }

    /** When that was so; meaningful once {@link #isEnded}. */
    public long endedAtNanos() {
        return endedAtNanos;
    }
}
