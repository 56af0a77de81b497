package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.HashMap;
import java.util.Map;

/** One quota per operation and client address (page "rate-limit"). The headers of every response report it. */
final class Quotas {

    private final PicusRules rules;
    private final Map<String, FixedWindow> windows = new HashMap<>();

    Quotas(PicusRules rules) {
        this.rules = rules;
    }

    /** Counts a request and returns whether the quota admits it. */
    boolean admit(Call call) {
        return window(call).admit(subject(call)) == 0;
    }

    /** Adds the three headers to a response. A 429 that a test scripted reports that nothing is left. */
    SimulatedResponse stamped(Call call, int status, SimulatedResponse answer) {
        FixedWindow window = window(call);
        int remaining = status == 429 ? 0 : window.remaining(subject(call));
        long resetMillis = window.endsAtMillis(subject(call));
        SimulatedResponse stamped = answer.withHeader(
                        "X-Ratelimit-Limit", Integer.toString(rules.limit(call.operation())))
                .withHeader("X-Ratelimit-Remaining", Integer.toString(remaining))
                .withHeader("X-Ratelimit-Reset", Long.toString(seconds(resetMillis)));
        return status == 429 && rules.retryAfter()
                ? stamped.withHeader(
                        "Retry-After",
                        Long.toString(seconds(resetMillis - rules.clock().millis())))
                : stamped;
    }

    private FixedWindow window(Call call) {
        return windows.computeIfAbsent(
                call.operation(),
                operation -> new FixedWindow(rules.limit(operation), rules.rateWindow(), rules.clock()));
    }

    private static String subject(Call call) {
        return call.request().clientAddress();
    }

    /** Rounds up, so that a client that waits until then finds the window over. */
    private static long seconds(long millis) {
        return (millis + 999) / 1000;
    }
}
