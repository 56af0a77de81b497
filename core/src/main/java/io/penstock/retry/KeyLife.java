package io.penstock.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the idempotency key of one assembled call protects it: servers forget keys. The time runs from the first
 * attempt of the first subscription, because the server can have seen the key no earlier.
 */
public final class KeyLife {

    private static final long UNUSED = Long.MIN_VALUE;

    private final Duration lifetime;
    private final AtomicLong firstUsedNanos = new AtomicLong(UNUSED);

    /** Of a key that the server remembers for so long. */
    public KeyLife(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** Starts the time, unless it runs already; whether the key still holds. */
    boolean use(long nowNanos) {
        long now = nowNanos == UNUSED ? UNUSED + 1 : nowNanos;
        firstUsedNanos.compareAndSet(UNUSED, now);
        return remainingNanos(now) > 0;
    }

    /** How long it still holds; all of its time if it was not used yet. */
    long remainingNanos(long nowNanos) {
        long first = firstUsedNanos.get();
        return first == UNUSED ? lifetime.toNanos() : lifetime.toNanos() - (nowNanos - first);
    }

    Duration lifetime() {
        return lifetime;
    }
}
