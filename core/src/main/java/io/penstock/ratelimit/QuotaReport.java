package io.penstock.ratelimit;

import io.penstock.pipeline.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one response says of the quota: of the policy that binds first, and of all others that it names.
 *
 * @param policy the name of the policy, or null where there is but one, without a name
 * @param limit how many requests a window allows, or {@link #UNKNOWN}
 * @param remaining how many are left, or {@link #UNKNOWN}
 * @param resetNanos in how much time the window ends, or {@link #UNKNOWN}
 * @param windowNanos how long a window is, or {@link #UNKNOWN}
 * @param partitionKey what the server counts this request by, as a short hash; null where it does not say
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

    /** Whether anything tells when the window ends. */
    boolean resets() {
        return resetNanos >= 0 || windowNanos >= 0;
    }

    /** In how much time the window has ended; where only its length is known, after that, at the latest. */
    long freshInNanos() {
        return resetNanos >= 0 ? resetNanos : Math.max(0, windowNanos);
    }

    /** The same by the client's wall clock. */
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

    /** How long nothing will be left; 0 where something is. */
    long emptyForNanos() {
        return remaining > 0 ? 0 : freshInNanos();
    }

    /** Returns the report with what the server counts this request by, where it does not say that of the policy. */
    QuotaReport countedBy(String key) {
        return partitionKey != null
                ? this
                : new QuotaReport(policy, limit, remaining, resetNanos, windowNanos, key, others);
    }

    /** What the server counts this request by: the keys of all policies that have one; null where none has. */
    @Nullable
    String allKeys() {
        String all = partitionKey;
        for (QuotaReport other : others) {
            String key = other.partitionKey;
            all = all == null ? key : key == null || all.contains(key) ? all : all + "," + key;
        }
        return all;
    }

    /** What it says of the policy of that name, or null if it says nothing of it. */
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

    /** The one that binds first of two: that with less left; of equals the one that ends later. */
    private static boolean bindsBefore(QuotaReport one, QuotaReport other) {
        if (one.remaining != other.remaining) {
            return other.remaining < 0 || (one.remaining >= 0 && one.remaining < other.remaining);
        }
        return one.freshInNanos() > other.freshInNanos();
    }

    /** Several policies of one response as one report; null of none. */
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
