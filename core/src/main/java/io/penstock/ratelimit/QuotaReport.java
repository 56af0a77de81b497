package io.penstock.ratelimit;

import io.penstock.pipeline.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The quota that one response reports: the policy that binds first, and all others that it names.
 *
 * @param policy the name of the policy, or null if there is a single one without a name
 * @param limit the number of requests that a window allows, or {@link #UNKNOWN}
 * @param remaining the number of requests that are left, or {@link #UNKNOWN}
 * @param resetNanos the time until the window ends, or {@link #UNKNOWN}
 * @param windowNanos the length of a window, or {@link #UNKNOWN}
 * @param partitionKey the key by which the server counts this request, plain or as a short hash; null if it names none
 * @param others the other policies
 */
record QuotaReport(
        @Nullable String policy,
        long limit,
        long remaining,
        long resetNanos,
        long windowNanos,
        @Nullable String partitionKey,
        List<QuotaReport> others)
        implements Attempt.Permit {

    static final long UNKNOWN = -1;

    static QuotaReport unnamed(long limit, long remaining, long resetNanos, long windowNanos) {
        return new QuotaReport(null, limit, remaining, resetNanos, windowNanos, null, List.of());
    }

    /** Returns whether the report tells when the window ends. */
    boolean resets() {
        return resetNanos >= 0 || windowNanos >= 0;
    }

    /** Returns the time until the window has ended. If only its length is known, that is the upper bound. */
    long freshInNanos() {
        return resetNanos >= 0 ? resetNanos : Math.max(0, windowNanos);
    }

    /** Returns the end of the window by the client's wall clock, or null if it is unknown. */
    @Nullable
    Instant resetsAt(long nowMillis) {
        return resets() ? Instant.ofEpochMilli(nowMillis).plusNanos(freshInNanos()) : null;
    }

    @Override
    public boolean isQuotaUsedUp() {
        return remaining == 0;
    }

    @Override
    public @Nullable Duration quotaResetsIn() {
        return freshInNanos() <= 0 ? null : Duration.ofNanos(freshInNanos());
    }

    /** Returns for how long nothing will be left; 0 if something is left. */
    long emptyForNanos() {
        return remaining > 0 ? 0 : freshInNanos();
    }

    /** Returns a copy with the key by which the server counts this request, unless the policy has a key already. */
    QuotaReport countedBy(String key) {
        return partitionKey != null
                ? this
                : new QuotaReport(policy, limit, remaining, resetNanos, windowNanos, key, others);
    }

    /**
     * Returns the keys of all policies that have one, by which the server counts this request, sorted and each once;
     * null if none has. They are the same whichever policy binds.
     */
    @Nullable
    String allKeys() {
        if (others.isEmpty()) {
            return partitionKey;
        }
        Set<String> keys = new TreeSet<>();
        if (partitionKey != null) {
            keys.add(partitionKey);
        }
        for (QuotaReport other : others) {
            if (other.partitionKey != null) {
                keys.add(other.partitionKey);
            }
        }
        return keys.isEmpty() ? null : String.join(",", keys);
    }

    /** Returns the report on the policy of the given name, or null if there is none. */
    @Nullable
    QuotaReport of(@Nullable String name) {
        if (Objects.equals(policy, name)) {
            return this;
        }
        for (QuotaReport other : others) {
            if (Objects.equals(other.policy, name)) {
                return other;
            }
        }
        return null;
    }

    /** Returns whether the first report binds before the other: it has less left, or the same and ends later. */
    private static boolean bindsBefore(QuotaReport one, QuotaReport other) {
        if (one.remaining != other.remaining) {
            return other.remaining < 0 || (one.remaining >= 0 && one.remaining < other.remaining);
        }
        return one.freshInNanos() > other.freshInNanos();
    }

    /** Returns several policies of one response as one report, or null without any. */
    static @Nullable QuotaReport ofAll(List<QuotaReport> policies) {
        if (policies.isEmpty()) {
            return null;
        }
        int first = 0;
        for (int i = 1; i < policies.size(); i++) {
            first = bindsBefore(policies.get(i), policies.get(first)) ? i : first;
        }
        List<QuotaReport> others = new ArrayList<>(policies);
        QuotaReport binding = others.remove(first);
        return new QuotaReport(
                binding.policy,
                binding.limit,
                binding.remaining,
                binding.resetNanos,
                binding.windowNanos,
                binding.partitionKey,
                List.copyOf(others));
    }
}
