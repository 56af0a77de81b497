package io.penstock.webhook;

import io.penstock.error.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Mono;

/**
 * A guard in memory. Ids in progress are kept in the order of their claims, and done ids in the order of their
 * confirmations: the first of each is forgotten first. The lock is held for a few steps only.
 */
final class RememberedEvents implements DuplicateGuard {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final int capacity;
    private final long memoryMillis;
    private final long leaseMillis;
    private final Clock clock;
    private final Map<String, Lease> inProgress = new LinkedHashMap<>();
    private final Map<String, Long> done = new LinkedHashMap<>();

    private record Lease(String holder, long since) {}

    RememberedEvents(int capacity, Duration memory, Duration lease, Clock clock) {
        if (capacity < 1) {
            throw ApiException.invalidConfiguration("capacity of a duplicate guard: " + capacity + " (expected: >= 1)");
        }
        this.capacity = capacity;
        this.memoryMillis = millis("memory", memory);
        this.leaseMillis = millis("lease", lease);
        this.clock = clock;
    }

    private static long millis(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw ApiException.invalidConfiguration(what + " of a duplicate guard: " + duration
                    + " (expected: more than zero, at most " + LONGEST.toDays() + " days)");
        }
        return Math.max(1, duration.toMillis());
    }

    @Override
    public Mono<Claim> claim(String id, String holder) {
        return Mono.fromCallable(() -> claimNow(id, holder));
    }

    @Override
    public Mono<Void> confirm(String id) {
        return Mono.fromRunnable(() -> confirmNow(id));
    }

    @Override
    public Mono<Void> release(String id, String holder) {
        return Mono.fromRunnable(() -> releaseNow(id, holder));
    }

    private synchronized Claim claimNow(String id, String holder) {
        long now = clock.millis();
        forget(inProgress, Lease::since, now, leaseMillis);
        forget(done, Long::longValue, now, memoryMillis);
        if (done.containsKey(id)) {
            return Claim.DONE;
        }
        return inProgress.putIfAbsent(id, new Lease(holder, now)) == null ? Claim.CLAIMED : Claim.IN_PROGRESS;
    }

    private static <V> void forget(Map<String, V> ids, ToLongFunction<V> since, long now, long millis) {
        Iterator<V> oldest = ids.values().iterator();
        while (oldest.hasNext() && now - since.applyAsLong(oldest.next()) >= millis) {
            oldest.remove();
        }
    }

    private synchronized void confirmNow(String id) {
        inProgress.remove(id);
        done.remove(id); // moves it to the end of the order
        done.put(id, clock.millis());
        if (done.size() > capacity) {
            Iterator<String> ids = done.keySet().iterator();
            ids.next();
            ids.remove();
        }
    }

    private synchronized void releaseNow(String id, String holder) {
        Lease lease = inProgress.get(id);
        if (lease != null && lease.holder().equals(holder)) {
            inProgress.remove(id);
        }
    }
}
