package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.LoggedRequest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits and the block that follows (page "api-rate-limits"). Every request to the API counts, whatever its
 * response. It is undocumented that a request without {@code Api-Company} does not count for a company.
 *
 * <pre>
 *  limit 2      |-- window --|
 *  requests     a   b   c(429)       d(429)                    e
 *                       |-------------- block ---------------|
 * </pre>
 */
final class Throttle {

    private final long blockMillis;
    private final Clock clock;
    private final List<Counter> counters;
    private final Map<String, Long> blockedUntil = new HashMap<>();

    Throttle(IxonRules rules) {
        clock = rules.clock();
        blockMillis = rules.limits().block().toMillis();
        counters = rules.limits().limits().stream()
                .map(limit -> new Counter(limit.perCompany(), new FixedWindow(limit.requests(), limit.window(), clock)))
                .toList();
    }

    void admit(LoggedRequest request) {
        long now = clock.millis();
        long blocked = blockedUntil.getOrDefault(request.clientAddress(), now) - now;
        if (blocked > 0) {
            throw Refusal.rateLimited(blocked);
        }
        for (Counter counter : counters) {
            String subject = counter.subject(request);
            long wait = subject == null ? 0 : counter.window().admit(subject);
            if (wait > 0) {
                blockedUntil.put(request.clientAddress(), now + blockMillis);
                throw Refusal.rateLimited(Math.max(wait, blockMillis));
            }
        }
    }

    private record Counter(boolean perCompany, FixedWindow window) {
        @Nullable
        String subject(LoggedRequest request) {
            return perCompany ? request.header("api-company") : request.clientAddress();
        }
    }
}
