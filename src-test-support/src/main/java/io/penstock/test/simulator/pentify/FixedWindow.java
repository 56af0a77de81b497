package io.penstock.test.simulator.pentify;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts requests per subject in windows of fixed length. Requests beyond the limit are refused and not counted.
 *
 * <pre>
 *  limit 2     |---------- window ----------|
 *  requests    a   b   c(refused)           d
 * </pre>
 */
final class FixedWindow {

    private final String subjectKind;
    private final int limit;
    private final long windowMillis;
    private final Clock clock;
    private final Map<String, Window> windows = new HashMap<>();

    FixedWindow(String subjectKind, int limit, Duration window, Clock clock) {
        this.subjectKind = subjectKind;
        this.limit = limit;
        this.windowMillis = Math.max(1, window.toMillis());
        this.clock = clock;
    }

    void admit(String subject) {
        long now = clock.millis();
        Window window = windows.get(subject);
        if (window == null || now - window.start >= windowMillis) {
            window = new Window(now);
            windows.put(subject, window);
        }
        if (window.count == limit) {
            long left = window.start + windowMillis - now;
            throw Refusal.rateLimited(subjectKind, (left + 999) / 1000);
        }
        window.count++;
    }

    private static final class Window {
        private final long start;
        private int count;

        Window(long start) {
            this.start = start;
        }
    }
}
