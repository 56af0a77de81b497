package io.penstock.webhook;

import io.penstock.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Ids in the order of their claims: the first one is the first to be forgotten. The lock is held for a few steps only. */
final class RememberedEvents implements DuplicateGuard {

    private final int capacity;
    private final long memoryMillis;
    private final Clock clock;
    private final Map<String, Long> claimed = new LinkedHashMap<>();

    RememberedEvents(int capacity, Duration memory, Clock clock) {
        if (capacity < 1) {
            throw ApiException.invalidConfiguration("capacity of a duplicate guard: " + capacity + " (expected: >= 1)");
        }
        if (memory.isNegative() || memory.isZero()) {
            throw ApiException.invalidConfiguration(
                    "memory of a duplicate guard: " + memory + " (expected: more than zero)");
        }
        this.capacity = capacity;
        this.memoryMillis = memory.toMillis();
        this.clock = clock;
    }

    @Override
    public Mono<Boolean> claim(String id) {
        return Mono.fromCallable(() -> isFirst(id));
    }

    @Override
    public Mono<Void> release(String id) {
        return Mono.fromRunnable(() -> forget(id));
    }

    private synchronized boolean isFirst(String id) {
        long now = clock.millis();
        Iterator<Long> oldest = claimed.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= memoryMillis) {
            oldest.remove();
        }
        if (claimed.putIfAbsent(id, now) != null) {
            return false;
        }
        if (claimed.size() > capacity) {
            Iterator<String> ids = claimed.keySet().iterator();
            ids.next();
            ids.remove();
        }
        return true;
    }

    private synchronized void forget(String id) {
        claimed.remove(id);
    }
}
