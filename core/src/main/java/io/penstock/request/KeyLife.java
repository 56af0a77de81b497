package io.penstock.request;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the idempotency key of one assembled call protects it: servers forget keys. The time runs from the first send of
 * the first subscription, because the server can have seen the key no earlier.
 */
@Internal
public final class KeyLife {

    private static final long UNUSED = Long.MIN_VALUE;

    private final Duration lifetime;
    private final AtomicLong firstUsedNanos = new AtomicLong(UNUSED);
    private final AtomicInteger calls = new AtomicInteger();

    /** Of a key that the server remembers for so long. */
    public KeyLife(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** Counts one more call with the key; false if the key holds no longer. */
    public boolean enter(long nowNanos) {
        calls.incrementAndGet();
        return remainingNanos(nowNanos) > 0;
    }

    /** Whether another call with the key may have had an effect that this one does not know of. */
    public boolean isShared() {
        return calls.get() > 1;
    }

    /** Starts the time at a send, unless it runs already; whether the key still holds. */
    public boolean use(long nowNanos) {
        long now = nowNanos == UNUSED ? UNUSED + 1 : nowNanos;
        if (firstUsedNanos.get() == UNUSED) {
            firstUsedNanos.compareAndSet(UNUSED, now);
        }
        return remainingNanos(now) > 0;
    }

    /** Whether the server has forgotten the key by then, or may have. */
    public boolean isOver(long nowNanos) {
        return remainingNanos(nowNanos) <= 0;
    }

    /** How long it still holds; all of its time if it was not used yet. */
    public long remainingNanos(long nowNanos) {
        long first = firstUsedNanos.get();
        return first == UNUSED ? Durations.nanosOf(lifetime) : Durations.nanosOf(lifetime) - (nowNanos - first);
    }

    public Duration lifetime() {
        return lifetime;
    }
}
