package io.penstock.test.simulator.pentify;

import java.util.HashMap;
import java.util.Map;

/**
 * The workspace's tokens (page "tokens-and-pricing"). The cost of a scan is held when the scan starts, taken when it
 * succeeds, and returned when it fails or is cancelled. All other costs are taken at once.
 */
final class TokenAccount {

    /** The monthly grant of the largest plan. */
    private static final long INITIAL = 10_000_000;

    private final Map<String, Long> holds = new HashMap<>();
    private long balance = INITIAL;
    private long used;

    void balance(long tokens) {
        balance = tokens;
    }

    long balance() {
        return balance;
    }

    long held() {
        return holds.values().stream().mapToLong(Long::longValue).sum();
    }

    long used() {
        return used;
    }

    void require(long cost) {
        if (balance < cost) {
            throw Refusal.payment(cost, balance);
        }
    }

    void take(long cost) {
        balance -= cost;
        used += cost;
    }

    void hold(String scanId, long cost) {
        balance -= cost;
        holds.put(scanId, cost);
    }

    void settle(String scanId) {
        used += holds.getOrDefault(scanId, 0L);
        holds.remove(scanId);
    }

    void release(String scanId) {
        balance += holds.getOrDefault(scanId, 0L);
        holds.remove(scanId);
    }
}
