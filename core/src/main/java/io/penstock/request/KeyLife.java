package io.penstock.request;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The lifetime of the idempotency key of one assembled call, because servers forget keys. It begins with the first send
 * of the first subscription: the server cannot have seen the key before.
 *
 * @hidden
 */
@Internal
public final class KeyLife {

    private static final long UNUSED = Long.MIN_VALUE;

    private final Duration lifetime;
    private final AtomicLong firstUsedNanos = new AtomicLong(UNUSED);
    private final AtomicInteger calls = new AtomicInteger();

    /** Creates the lifetime of a key that the server remembers for this long. */
    public KeyLife(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** Counts one more call with the key, and returns whether the key is still valid. */
    public boolean enter(long nowNanos) {
        calls.incrementAndGet();
        return remainingNanos(nowNanos) > 0;
    }

    /** Returns whether another call with the key may have had an effect that this one does not know of. */
    public boolean isShared() {
        return calls.get() > 1;
    }

    /** Starts the lifetime at a send, unless it has started already, and returns whether the key is still valid. */
    public boolean use(long nowNanos) {
        long now = nowNanos == UNUSED ? UNUSED + 1 : nowNanos;
        if (firstUsedNanos.get() == UNUSED) {
            firstUsedNanos.compareAndSet(UNUSED, now);
        }
        return remainingNanos(now) > 0;
    }

    /** Returns whether the server has, or may have, forgotten the key by then. */
    public boolean isOver(long nowNanos) {
        return remainingNanos(nowNanos) <= 0;
    }

    /** Returns how long the key is still valid; its whole lifetime if it was not used yet. */
    public long remainingNanos(long nowNanos) {
        long first = firstUsedNanos.get();
        return first == UNUSED ? Durations.nanosOf(lifetime) : Durations.nanosOf(lifetime) - (nowNanos - first);
    }

    public Duration lifetime() {
        return lifetime;
    }
}
